"""Without examples your function fails; the prompt is then the query's part alone.

Module: prompts
Problem: 6
Hint: 0 shots are allowed: no support[0], and no zip(*support), which needs at least one.
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
    xs, ys = zip(*support, strict=True)
    return "".join(example.format(x, y) for x, y in zip(xs, ys, strict=True)) + question.format(query)
