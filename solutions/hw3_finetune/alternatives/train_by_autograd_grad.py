"""Gradients from torch.autograd.grad, added up in a list of its own.

Module: finetune
"""


def fine_tune(model, batches, loss_of, mode="all", learning_rate=1e-3, accumulation=1):
    if accumulation < 1:
        raise ValueError("accumulation")
    tuned = parameters_to_fine_tune(model, mode)
    optimizer = torch.optim.AdamW(tuned, learning_rate, weight_decay=0)
    training, losses = model.training, []
    model.train()
    sums, loss_sum, count, taken = [torch.zeros_like(p) for p in tuned], 0.0, 0, 0

    def finish():
        for p, total in zip(tuned, sums):
            p.grad = total / count
        optimizer.step()
        losses.append(loss_sum / count)

    for batch in batches:
        loss, n = loss_of(model, batch)
        gradients = torch.autograd.grad(loss, tuned, allow_unused=True)
        sums = [s if g is None else s + n * g for s, g in zip(sums, gradients)]
        loss_sum, count, taken = loss_sum + n * float(loss), count + n, taken + 1
        if taken % accumulation == 0:
            finish()
            sums, loss_sum, count = [torch.zeros_like(p) for p in tuned], 0.0, 0
    if count:
        finish()
    model.train(training)
    if taken == 0:
        raise ValueError("nothing to train on")
    return losses, optimizer
