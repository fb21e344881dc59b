"""Your prompt ends with a line break, so that the model begins the next example.

Module: prompts
Problem: 6
Hint: Nothing follows the query's part.
"""


def build_prompt(support: Sequence[tuple[str, str]], query: str, mode: str) -> str:
    formats = {
        "plain": ("{} {}\n", "{}"),
        "arrow": ("{} -> {}\n", "{} ->"),
        "question": ("Q: {}\nA: {}\n\n", "Q: {}\nA:"),
    }
    if mode not in formats:
        raise ValueError(f"mode is one of {', '.join(formats)}, not {mode!r}")
    example, question = formats[mode]
    return "".join(example.format(x, y) for x, y in support) + question.format(query) + "\n"
