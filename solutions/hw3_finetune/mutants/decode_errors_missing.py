"""You did not look at the prompt's length and at max_new_tokens first.

Module: prompts
Problem: 6
Hint: Raise ValueError for an empty prompt and for a negative number.
"""


def greedy_decode(model: Any, input_ids: Tensor, stop_tokens: Collection[int], max_new_tokens: int) -> list[int]:
    was_training = model.training
    model.eval()
    tokens: list[int] = []
    unseen, cache = input_ids, None
    with torch.inference_mode():
        while len(tokens) < max_new_tokens:
            output = model(unseen, past_key_values=cache, use_cache=True)
            token = int(output.logits[0, -1].argmax())
            if token in stop_tokens:
                break
            tokens.append(token)
            unseen, cache = torch.tensor([[token]], device=input_ids.device), output.past_key_values
    model.train(was_training)
    return tokens
