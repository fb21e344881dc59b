"""Each micro-batch counts alike in your update, also where one is smaller than another.

Module: finetune
Problem: 5
Hint: Weigh the loss of each by n_i / (n_1 + ... + n_g).
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
        loss.backward()
        waiting = (number - 1) % accumulation + 1
        total, seen = total + n * loss.item(), seen + n
        if number % accumulation == 0:
            step(optimizer, 0.0, waiting)
            losses.append(total / seen)
            total, seen = 0.0, 0
    if seen > 0:
        step(optimizer, 0.0, waiting)
        losses.append(total / seen)
    model.train(was_training)
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
