"""Starts with None and overwrites it batch by batch."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    metrics = None
    for users, items, negatives, stars in batches:
        out_pos = net(users, items)
        out_neg = net(users, negatives)
        inter = interaction_loss(out_pos[0], out_neg[0])
        rate = rating_loss(out_pos[1], stars)
        objective = total_loss([inter, rate], weights)
        optimizer.zero_grad()
        objective.backward()
        optimizer.step()
        metrics = {"interaction": inter.item(), "rating": rate.item(), "total": objective.item()}
    if metrics is None:
        raise ValueError("train_epoch() got no batch")
    return metrics
