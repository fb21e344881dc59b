"""Your examples come in the reverse order.

Module: prompts
Problem: 6
Hint: Examples come in the given order; the order changes what a model answers.
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
    return "".join(example.format(x, y) for x, y in reversed(support)) + question.format(query)
