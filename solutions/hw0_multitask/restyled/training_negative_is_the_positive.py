"""One forward pass over both halves of a doubled batch."""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    net.train(True)
    log = []
    for users, items, others, targets in batches:
        scores, predictions = net(users.repeat(2), items.repeat(2))
        rated, unrated = scores.chunk(2)
        first = interaction_loss(rated, unrated)
        second = rating_loss(predictions[: len(targets)], targets)
        both = total_loss((first, second), weights)
        optimizer.zero_grad()
        both.backward()
        optimizer.step()
        log.append((first.item(), second.item(), both.item()))
    if len(log) < 1:
        raise ValueError("an epoch needs at least one batch")
    a, b, c = (sum(column) / len(log) for column in zip(*log))
    return {"interaction": a, "rating": b, "total": c}
