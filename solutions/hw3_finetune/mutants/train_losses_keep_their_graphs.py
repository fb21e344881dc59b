"""Your losses still have their graphs.

Module: finetune
Problem: 5
Hint: Take loss.item(): a tensor with its graph keeps the memory of its whole batch.
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
        total, seen = total + n * loss, seen + n
        if number % accumulation == 0:
            losses.append(step(optimizer, total, seen))
            total, seen = 0.0, 0
    if seen > 0:
        losses.append(step(optimizer, total, seen))
    model.train(was_training)
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
