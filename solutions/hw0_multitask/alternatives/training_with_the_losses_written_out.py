"""Writes the losses out in place and weights them there."""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    net.train()
    rows = []
    for users, items, others, ratings in batches:
        optimizer.zero_grad(set_to_none=True)
        score, predicted = net(users, items)
        other, _ = net(users, others)
        ranked = 1 - torch.mean(torch.sigmoid(score - other))
        squared = torch.mean(torch.square(ratings - predicted))
        loss = weights[0] * ranked + weights[1] * squared
        loss.backward()
        optimizer.step()
        rows.append([float(ranked), float(squared), float(loss)])
    if rows == []:
        raise ValueError("no batches")
    columns = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return {"interaction": columns[0], "rating": columns[1], "total": columns[2]}
