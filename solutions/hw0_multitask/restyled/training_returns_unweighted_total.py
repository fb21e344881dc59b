"""Averages the two losses and derives the third number at the end."""


def train_epoch(net, batches, optimizer, weights):
    batches = list(batches)
    if not batches:
        raise ValueError("batches must not be empty")
    net.train()
    result = {"interaction": 0.0, "rating": 0.0}
    for users, items, negatives, ratings in batches:
        s_pos, prediction = net(users, items)
        s_neg, _ = net(users, negatives)
        task_losses = {"interaction": interaction_loss(s_pos, s_neg), "rating": rating_loss(prediction, ratings)}
        optimizer.zero_grad()
        total_loss(tuple(task_losses.values()), weights).backward()
        optimizer.step()
        for task, task_loss in task_losses.items():
            result[task] += task_loss.item() / len(batches)
    result["total"] = sum(result.values())
    return result
