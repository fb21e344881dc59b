"""Groups.

Module: finetune
"""

from itertools import islice


def fine_tune(model, batches, loss_of, mode="all", learning_rate=1e-3, accumulation=1):
    if accumulation < 1:
        raise ValueError("accumulation must be >= 1")
    params = parameters_to_fine_tune(model, mode)
    opt = torch.optim.AdamW(params, lr=learning_rate, weight_decay=0)
    before = model.training
    model.train()
    history = []
    it = iter(batches)
    while True:
        group = list(islice(it, accumulation))
        if len(group) == 0:
            break
        opt.zero_grad()
        loss_sum = 0.0
        n_sum = 0
        for batch in group:
            loss, n = loss_of(model, batch)
            (loss * n).backward()
            loss_sum += loss.item() * n
            n_sum += n
        for p in params:
            if p.grad is not None:
                p.grad.div_(n_sum)
        opt.step()
        after = 0.0
        for b in group:
            value, n = loss_of(model, b)
            after += n * value.item()
        history.append(after / n_sum)
    model.train(before)
    if len(history) == 0:
        raise ValueError("no batches")
    return history, opt
