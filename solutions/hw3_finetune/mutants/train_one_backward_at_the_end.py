"""You added g losses and called backward() once, so that g graphs are in memory together.

Module: finetune
Problem: 5
Hint: loss.backward() right after each forward pass frees its graph, and .grad collects what the g passes give.
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
    total, seen, together = 0.0, 0, 0.0
    for number, batch in enumerate(batches, start=1):
        if seen == 0:
            optimizer.zero_grad()
        loss, n = loss_of(model, batch)
        together = together + n * loss
        total, seen = total + n * loss.item(), seen + n
        if number % accumulation == 0:
            together.backward()
            losses.append(step(optimizer, total, seen))
            total, seen, together = 0.0, 0, 0.0
    if seen > 0:
        together.backward()
        losses.append(step(optimizer, total, seen))
    model.train(was_training)
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
