"""You added the gradients of the g micro-batches up; the large batch's is their mean.

Module: finetune
Problem: 5
Hint: backward() adds gradients: divide each loss by g where the n_i are equal, else weigh it by n_i.
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
        total, seen = total + n * loss.item(), seen + n
        if number % accumulation == 0:
            optimizer.step()
            losses.append(total / seen)
            total, seen = 0.0, 0
    if seen > 0:
        optimizer.step()
        losses.append(total / seen)
    model.train(was_training)
    if not losses:
        raise ValueError("there is no batch")
    return losses, optimizer
