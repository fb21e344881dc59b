"""With the cache.

Module: prompts
"""


@torch.no_grad()
def greedy_decode(model, input_ids, stop_tokens, max_new_tokens):
    if max_new_tokens < 0 or input_ids.numel() == 0:
        raise ValueError("nothing to decode")
    training = model.training
    model.eval()
    answer = []
    past = None
    step_ids = input_ids
    for i in range(max_new_tokens):
        out = model(step_ids, past_key_values=past, use_cache=True)
        past = out.past_key_values
        next_id = torch.argmax(out.logits[0, -1, :]).item()
        if next_id in set(stop_tokens):
            break
        answer += [next_id]
        step_ids = torch.cat([step_ids, torch.tensor([[next_id]])], dim=1)
    if training:
        model.train()
    return answer
