"""You left the model in training mode, whatever mode it came in.

Module: finetune
Problem: 5
Hint: Remember model.training before, and call model.train(was_training) at the end.
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
    model.train()
    losses = []
    total, seen = 0.0, 0
    for number, batch in enumerate(batches, start=1):
        if seen == 0:
            optimizer.zero_grad()
        loss, n = loss_of(model, batch)
        (n * loss).backward()
        total, seen = total + n * loss.item(), seen + n
        if number % accumulation == 0:
            losses.append(step(optimizer, total, seen))
            total, seen = 0.0, 0
    if seen > 0:
        losses.append(step(optimizer, total, seen))
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
