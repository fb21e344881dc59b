"""You took an unknown mode for plain.

Module: prompts
Problem: 6
Hint: Raise ValueError for a mode that is not in the table.
"""


def build_prompt(support: Sequence[tuple[str, str]], query: str, mode: str) -> str:
    formats = {
        "plain": ("{} {}\n", "{}"),
        "arrow": ("{} -> {}\n", "{} ->"),
        "question": ("Q: {}\nA: {}\n\n", "Q: {}\nA:"),
    }
    example, question = formats.get(mode, formats["plain"])
    return "".join(example.format(x, y) for x, y in support) + question.format(query)
