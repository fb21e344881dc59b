"""You set net.training: the parts of the network stay in the mode that they were in.

Problem: 5
Hint: net.train() reaches all parts.
"""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    net.training = True
    history = []
    for user_ids, item_ids, negative_ids, ratings in batches:
        optimizer.zero_grad()
        positive, predicted = net(user_ids, item_ids)  # (B,), (B,)
        negative, _ = net(user_ids, negative_ids)  # (B,)
        interaction, rating = interaction_loss(positive, negative), rating_loss(predicted, ratings)
        total = total_loss([interaction, rating], weights)  # L = sum_i w_i L_i
        total.backward()
        optimizer.step()
        history.append(torch.stack([interaction, rating, total]).detach())
    if not history:
        raise ValueError("there is no batch to train on")
    means = torch.stack(history).mean(dim=0)  # (number of batches, 3) -> (3,)
    return dict(zip(["interaction", "rating", "total"], means.tolist(), strict=True))
