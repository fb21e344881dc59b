"""You made a dict of the examples: of those with the same x only the last one is left.

Module: prompts
Problem: 6
Hint: Go through the list itself. The same x may come more than once.
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
    return "".join(example.format(x, y) for x, y in dict(support).items()) + question.format(query)
