"""Your prompt holds only the last example.

Module: prompts
Problem: 6
Hint: Add each example to the text; do not overwrite it.
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
    return "".join(example.format(x, y) for x, y in list(support)[-1:]) + question.format(query)
