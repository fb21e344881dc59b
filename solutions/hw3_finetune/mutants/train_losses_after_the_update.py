"""You computed the loss again after the update; what it returns is from before.

Module: finetune
Problem: 5
Hint: The forward pass that gives the gradient gives the loss, too: no second one is needed.
"""


def fine_tune(
    model: nn.Module,
    batches: Iterable[Any],
    loss_of: Measure,
    mode: str = "all",
    learning_rate: float = 1e-3,
    accumulation: int = 1,
) -> tuple[list[float], torch.optim.Optimizer]:
    if accumulation < 1:
        raise ValueError(f"accumulation is at least 1, not {accumulation}")
    optimizer = torch.optim.AdamW(parameters_to_fine_tune(model, mode), lr=learning_rate, weight_decay=0.0)
    was_training = model.training
    model.train()
    losses = []
    total, seen = 0.0, 0
    for number, batch in enumerate(batches, start=1):
        if seen == 0:
            optimizer.zero_grad()
        loss, n = loss_of(model, batch)
        (n * loss).backward()
        total, seen = total + n * loss.item(), seen + n
        used = [*([] if seen == n else used), batch]
        if number % accumulation == 0:
            step(optimizer, total, seen)
            again = [loss_of(model, one) for one in used]
            losses.append(sum(n * loss.item() for loss, n in again) / seen)
            total, seen = 0.0, 0
    if seen > 0:
        step(optimizer, total, seen)
        again = [loss_of(model, one) for one in used]
        losses.append(sum(n * loss.item() for loss, n in again) / seen)
    model.train(was_training)
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
