"""The loss that you returned is the plain mean of the micro-batches' losses.

Module: finetune
Problem: 5
Hint: Weigh them by n_i, as in the gradient.
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
        of_update = [*([] if seen == n else of_update), loss.item()]
        if number % accumulation == 0:
            step(optimizer, total, seen)
            losses.append(sum(of_update) / len(of_update))
            total, seen = 0.0, 0
    if seen > 0:
        step(optimizer, total, seen)
        losses.append(sum(of_update) / len(of_update))
    model.train(was_training)
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
