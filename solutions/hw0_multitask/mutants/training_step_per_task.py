"""You made one update per task.

Problem: 5
Hint: Add the weighted losses first; one backward and one step per batch.
"""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    net.train()
    history = []
    for user_ids, item_ids, negative_ids, ratings in batches:
        interaction = interaction_loss(net(user_ids, item_ids)[0], net(user_ids, negative_ids)[0])
        optimizer.zero_grad()
        total_loss([interaction], weights[:1]).backward()
        optimizer.step()
        rating = rating_loss(net(user_ids, item_ids)[1], ratings)
        optimizer.zero_grad()
        total_loss([rating], weights[1:]).backward()
        optimizer.step()
        total = total_loss([interaction, rating], weights)
        history.append(torch.stack([interaction, rating, total]).detach())
    if not history:
        raise ValueError("there is no batch to train on")
    means = torch.stack(history).mean(dim=0)
    return dict(zip(["interaction", "rating", "total"], means.tolist(), strict=True))
