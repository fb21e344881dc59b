"""A loop over the tasks inside the loop over the batches."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    tasks = ("interaction", "rating")
    sums = dict.fromkeys((*tasks, "total"), 0.0)
    n = 0
    for users, items, negatives, ratings in batches:
        n += 1
        for task, weight in zip(tasks, weights):
            if task == "interaction":
                loss = interaction_loss(net(users, items)[0], net(users, negatives)[0])
            else:
                loss = rating_loss(net(users, items)[1], ratings)
            sums[task] += loss.item()
            sums["total"] += weight * loss.item()
            optimizer.zero_grad()
            (weight * loss).backward()
            optimizer.step()
    if n == 0:
        raise ValueError("no batches given")
    return {name: value / n for name, value in sums.items()}
