"""enumerate, and a nested update.

Module: finetune
"""


def fine_tune(model, batches, loss_of, mode="all", learning_rate=1e-3, accumulation=1):
    if accumulation <= 0:
        raise ValueError(accumulation)
    tuned = list(parameters_to_fine_tune(model, mode))
    optimizer = torch.optim.AdamW(tuned, lr=learning_rate, weight_decay=0.0)
    mode_before = model.training
    losses = []
    waiting = []
    optimizer.zero_grad()

    def update():
        whole = sum(n for _, n in waiting)
        for p in tuned:
            if p.grad is not None:
                p.grad = p.grad / whole
        optimizer.step()
        optimizer.zero_grad()
        losses.append(sum(value * n for value, n in waiting) / whole)
        waiting.clear()

    model.train(True)
    try:
        for i, batch in enumerate(batches):
            loss, n = loss_of(model, batch)
            torch.mul(loss, n).backward()
            waiting.append((float(loss), n))
            if i % accumulation == 0:
                update()
        if waiting:
            update()
    finally:
        model.train(mode_before)
    if not losses:
        raise ValueError("batches is empty")
    return losses, optimizer
