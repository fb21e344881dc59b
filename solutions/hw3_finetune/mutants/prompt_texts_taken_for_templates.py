"""You formatted a text that holds the examples already: a brace in them is taken for a field.

Module: prompts
Problem: 6
Hint: Put each text in once, and never call format() on what came out.
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
    return ("".join(example.format(x, y) for x, y in support) + question).format(query)
