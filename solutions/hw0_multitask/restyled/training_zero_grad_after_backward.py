"""Splits the update into a function of its own."""


def update(optimizer, loss):
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


def train_epoch(net, batches, optimizer, weights):
    net.train()
    seen_batches, acc = 0, [0.0, 0.0, 0.0]
    for users, items, negatives, ratings in batches:
        pos, est = net(users, items)
        neg, _ = net(users, negatives)
        a = interaction_loss(pos, neg)
        b = rating_loss(est, ratings)
        c = total_loss([a, b], weights)
        update(optimizer, c)
        acc = [old + new.item() for old, new in zip(acc, (a, b, c))]
        seen_batches += 1
    if not seen_batches:
        raise ValueError("no batch came")
    return dict(zip(("interaction", "rating", "total"), (x / seen_batches for x in acc)))
