"""After your function no gradients are tracked any more, by anybody.

Module: prompts
Problem: 6
Hint: with torch.inference_mode(): ends by itself, set_grad_enabled(False) does not.
"""


def greedy_decode(model: Any, input_ids: Tensor, stop_tokens: Collection[int], max_new_tokens: int) -> list[int]:
    if input_ids.shape[1] == 0 or max_new_tokens < 0:
        raise ValueError("the prompt has at least one token, and max_new_tokens is at least 0")
    was_training = model.training
    model.eval()
    tokens: list[int] = []
    unseen, cache = input_ids, None
    torch.set_grad_enabled(False)
    while len(tokens) < max_new_tokens:
        output = model(unseen, past_key_values=cache, use_cache=True)
        token = int(output.logits[0, -1].argmax())
        if token in stop_tokens:
            break
        tokens.append(token)
        unseen, cache = torch.tensor([[token]], device=input_ids.device), output.past_key_values
    model.train(was_training)
    return tokens
