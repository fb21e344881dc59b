"""Keeps the gradient of the mean up to date: old gradients shrink when new tokens come.

Module: finetune
"""


def fine_tune(model, batches, loss_of, mode="all", learning_rate=1e-3, accumulation=1):
    if accumulation < 1:
        raise ValueError("at least one micro-batch makes an update")
    optimizer = torch.optim.AdamW(
        [{"params": parameters_to_fine_tune(model, mode)}], lr=learning_rate, weight_decay=0.0
    )
    state = model.training
    model.train()
    losses, mean, seen, waiting = [], 0.0, 0, 0
    for batch in batches:
        loss, n = loss_of(model, batch)
        new_share = n / (seen + n)
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.grad *= 1 - new_share
        (new_share * loss).backward()
        mean = (1 - new_share) * mean + new_share * loss.item()
        seen, waiting = seen + n, waiting + 1
        if waiting == accumulation:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(mean)
            mean, seen, waiting = 0.0, 0, 0
    if waiting:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(mean)
    model.train(state)
    if losses == []:
        raise ValueError("batches is empty")
    return losses, optimizer


@torch.inference_mode()
def evaluate(model, batches, accuracy_of):
    state = model.training
    model.eval()
    pairs = [accuracy_of(model, batch) for batch in batches]
    model.train(state)
    shares = torch.tensor([float(share) for share, _ in pairs], dtype=torch.float64)
    counts = torch.tensor([n for _, n in pairs], dtype=torch.float64)
    if counts.sum() == 0:
        raise ValueError("no answers")
    return float((shares * counts).sum() / counts.sum())
