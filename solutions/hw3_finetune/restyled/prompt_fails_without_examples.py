"""The first example begins the text.

Module: prompts
"""


def build_prompt(support, query, mode):
    if mode not in ("plain", "arrow", "question"):
        raise ValueError(mode)
    between = {"plain": " ", "arrow": " -> ", "question": "\nA: "}[mode]
    begin = "Q: " if mode == "question" else ""
    end = "\n\n" if mode == "question" else "\n"
    text = begin + support[0][0] + between + support[0][1] + end
    for i in range(1, len(support)):
        text += begin + support[i][0] + between + support[i][1] + end
    return text + begin + query + {"plain": "", "arrow": " ->", "question": "\nA:"}[mode]
