"""Puts each example before the others.

Module: prompts
"""


def build_prompt(support, query, mode):
    if mode not in ("plain", "arrow", "question"):
        raise ValueError(mode)
    text = {"plain": query, "arrow": query + " ->", "question": f"Q: {query}\nA:"}[mode]
    for x, y in support:
        if mode == "plain":
            text = f"{x} {y}\n" + text
        elif mode == "arrow":
            text = f"{x} -> {y}\n" + text
        else:
            text = f"Q: {x}\nA: {y}\n\n" + text
    return text
