"""Calls itself with the prompt and one token more.

Module: prompts
"""


def greedy_decode(model, input_ids, stop_tokens, max_new_tokens):
    if max_new_tokens < 0 or not input_ids.shape[-1]:
        raise ValueError("no prompt, or a negative number")
    if max_new_tokens == 0:
        return []
    was = model.training
    model.eval()
    with torch.inference_mode():
        _values, words = (
            model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids))
            .logits[0, -1]
            .sort(descending=True, stable=True)
        )
    model.train(was)
    first = words[0].item()
    if first in stop_tokens:
        return []
    return [first] + greedy_decode(model, torch.cat([input_ids, words[None, :1]], 1), stop_tokens, max_new_tokens - 1)
