"""Helpers with decorators: negatives are only there to be compared with."""


@torch.no_grad()
def scores_to_compare_with(net, users, items):
    score, _ = net(users, items)
    return score


def train_epoch(net, batches, optimizer, weights):
    net.train()
    names = ("interaction", "rating", "total")
    table = []
    for users, items, negatives, observed in batches:
        baseline = scores_to_compare_with(net, users, negatives)
        score, predicted = net(users, items)
        row = [interaction_loss(score, baseline), rating_loss(predicted, observed)]
        row.append(total_loss(row, weights))
        optimizer.zero_grad()
        row[-1].backward()
        optimizer.step()
        table.append([loss.item() for loss in row])
    if not table:
        raise ValueError("nothing to train on")
    return {name: sum(row[k] for row in table) / len(table) for k, name in enumerate(names)}
