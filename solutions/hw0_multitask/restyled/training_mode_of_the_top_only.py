"""Lists of numbers, and the flag set by hand."""


def train_epoch(net, batches, optimizer, weights):
    net.training = True
    interactions, ratings_, totals = [], [], []
    for users, items, negatives, ratings in batches:
        optimizer.zero_grad()
        positive, predicted = net(users, items)
        negative, _ = net(users, negatives)
        first = interaction_loss(positive, negative)
        second = rating_loss(predicted, ratings)
        total = total_loss([first, second], weights)
        total.backward()
        optimizer.step()
        interactions.append(first.item())
        ratings_.append(second.item())
        totals.append(total.item())
    if not totals:
        raise ValueError("no batch")
    count = len(totals)
    return {"interaction": sum(interactions) / count, "rating": sum(ratings_) / count, "total": sum(totals) / count}
