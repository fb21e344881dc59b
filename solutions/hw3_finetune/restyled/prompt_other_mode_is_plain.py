"""The last branch is plain.

Module: prompts
"""


def build_prompt(support, query, mode):
    out = []
    for x, y in support:
        if mode == "arrow":
            out.append(f"{x} -> {y}\n")
        elif mode == "question":
            out.append(f"Q: {x}\nA: {y}\n\n")
        else:
            out.append(f"{x} {y}\n")
    if mode == "arrow":
        out.append(f"{query} ->")
    elif mode == "question":
        out.append(f"Q: {query}\nA:")
    else:
        out.append(query)
    return "".join(out)
