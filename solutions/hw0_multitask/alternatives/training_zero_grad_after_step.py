"""Clears the gradients before the first batch and after each step, and adds up plain numbers."""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    net.train()
    optimizer.zero_grad()
    sums, count = {"interaction": 0.0, "rating": 0.0, "total": 0.0}, 0
    for user_ids, item_ids, negative_ids, ratings in batches:
        positive, predicted = net(user_ids, item_ids)
        negative = net(user_ids, negative_ids)[0]
        losses = [interaction_loss(positive, negative), rating_loss(predicted, ratings)]
        total = total_loss(losses, weights)
        total.backward()
        optimizer.step()
        optimizer.zero_grad()
        for name, loss in zip(sums, [*losses, total], strict=True):
            sums[name] += loss.item()
        count += 1
    if count == 0:
        raise ValueError("no batches")
    return {name: value / count for name, value in sums.items()}
