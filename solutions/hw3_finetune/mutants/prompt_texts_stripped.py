"""You stripped the texts; they are taken as they are.

Module: prompts
Problem: 6
Hint: No strip(): a space or a line break in a text is part of it.
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
    return "".join(example.format(x.strip(), y.strip()) for x, y in support) + question.format(query.strip())
