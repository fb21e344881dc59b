"""Scores rated and negative items in one forward pass and returns 0-dimensional tensors."""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    batches = list(batches)
    if len(batches) == 0:
        raise ValueError("no batches")
    net.train(True)
    means = {"total": torch.tensor(0.0), "rating": torch.tensor(0.0), "interaction": torch.tensor(0.0)}
    for user_ids, item_ids, negative_ids, ratings in batches:
        size = len(user_ids)
        score, predicted = net(torch.cat([user_ids, user_ids]), torch.cat([item_ids, negative_ids]))
        loss1 = interaction_loss(score[:size], score[size:])
        loss2 = rating_loss(predicted[:size], ratings)
        loss = total_loss((loss1, loss2), tuple(weights))
        net.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        for name, value in (("interaction", loss1), ("rating", loss2), ("total", loss)):
            means[name] = means[name] + value.detach() / len(batches)
    return means
