"""f-strings and join.

Module: prompts
"""


def build_prompt(support, query, mode):
    if mode == "plain":
        shots = [f"{x} {y}" for x, y in support]
        last, separator = f"{query}", "\n"
    elif mode == "arrow":
        shots = [f"{x} -> {y}" for x, y in support]
        last, separator = f"{query} ->", "\n"
    elif mode == "question":
        shots = [f"Q: {x}\nA: {y}" for x, y in support]
        last, separator = f"Q: {query}\nA:", "\n"
    else:
        raise ValueError(f"no mode {mode}")
    return separator.join([*shots, last])
