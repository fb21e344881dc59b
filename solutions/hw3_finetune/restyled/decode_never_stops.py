"""Without a cache.

Module: prompts
"""


def greedy_decode(model, input_ids, stop_tokens, max_new_tokens):
    if max_new_tokens < 0:
        raise ValueError("max_new_tokens must not be negative")
    if input_ids.size(1) < 1:
        raise ValueError("empty prompt")
    mode = model.training
    model.eval()
    ids = input_ids.clone()
    new = []
    with torch.no_grad():
        for _ in range(max_new_tokens):
            logits = model(ids).logits
            best = logits[:, -1, :].argmax(dim=-1, keepdim=True)
            new.append(best.item())
            ids = torch.cat([ids, best], dim=1)
    model.train(mode)
    return new
