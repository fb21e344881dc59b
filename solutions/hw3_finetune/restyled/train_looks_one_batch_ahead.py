"""A last batch is marked.

Module: finetune
"""


def fine_tune(model, batches, loss_of, mode="all", learning_rate=1e-3, accumulation=1):
    if accumulation < 1:
        raise ValueError("accumulation < 1")

    def with_last():
        previous, any_yet = None, False
        for batch in batches:
            if any_yet:
                yield previous, False
            previous, any_yet = batch, True
        if any_yet:
            yield previous, True

    params = parameters_to_fine_tune(model, mode)
    opt = torch.optim.AdamW(params, lr=learning_rate, weight_decay=0.0)
    old = model.training
    model.train()
    losses, k, s, c = [], 0, 0.0, 0
    for batch, last in with_last():
        if k == 0:
            opt.zero_grad()
        loss, n = loss_of(model, batch)
        (loss * n).backward()
        k, s, c = k + 1, s + loss.item() * n, c + n
        if k == accumulation or last:
            for p in params:
                if p.grad is not None:
                    p.grad /= c
            opt.step()
            losses.append(s / c)
            k, s, c = 0, 0.0, 0
    model.train(old)
    if not losses:
        raise ValueError("no batch")
    return losses, opt
