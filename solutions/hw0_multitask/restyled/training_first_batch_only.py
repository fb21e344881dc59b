"""Running totals in a dict, divided when the numbers are returned."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    n = 0
    sums = {"interaction": 0.0, "rating": 0.0, "total": 0.0}
    for users, pos_items, neg_items, y in batches:
        pos_score, y_hat = net(users, pos_items)
        neg_score, _ = net(users, neg_items)
        l_int = interaction_loss(pos_score, neg_score)
        l_rat = rating_loss(y_hat, y)
        loss = total_loss([l_int, l_rat], weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        n += 1
        sums["interaction"] += l_int.item()
        sums["rating"] += l_rat.item()
        sums["total"] += loss.item()
        return {key: value / n for key, value in sums.items()}
    raise ValueError("batches is empty")
