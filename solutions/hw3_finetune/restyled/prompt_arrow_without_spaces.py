"""Strings added up.

Module: prompts
"""


def build_prompt(support, query, mode):
    prompt = ""
    if mode == "plain":
        for x, y in support:
            prompt += x + " " + y + "\n"
        prompt += query
    elif mode == "arrow":
        for x, y in support:
            prompt += x + "->" + y + "\n"
        prompt += query + "->"
    elif mode == "question":
        for x, y in support:
            prompt += "Q: " + x + "\nA: " + y + "\n\n"
        prompt += "Q: " + query + "\nA:"
    else:
        raise ValueError("mode?")
    return prompt
