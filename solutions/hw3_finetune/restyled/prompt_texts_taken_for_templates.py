"""A template for the whole prompt.

Module: prompts
"""


def build_prompt(support, query, mode):
    if mode == "plain":
        shots = [f"{x} {y}" for x, y in support]
        last, separator = "{query}", "\n"
    elif mode == "arrow":
        shots = [f"{x} -> {y}" for x, y in support]
        last, separator = "{query} ->", "\n"
    elif mode == "question":
        shots = [f"Q: {x}\nA: {y}" for x, y in support]
        last, separator = "Q: {query}\nA:", "\n\n"
    else:
        raise ValueError(f"no mode {mode}")
    return separator.join([*shots, last]).format(query=query)
