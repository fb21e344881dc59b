"""Weights each loss first, and logs these."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    w_int, w_rat = weights
    logged = []
    for users, items, negatives, ratings in batches:
        optimizer.zero_grad()
        score_pos, rating_pred = net(users, items)
        score_neg = net(users, negatives)[0]
        loss_int = w_int * interaction_loss(score_pos, score_neg)
        loss_rat = w_rat * rating_loss(rating_pred, ratings)
        loss = total_loss([loss_int, loss_rat])
        loss.backward()
        optimizer.step()
        logged.append({"interaction": loss_int.item(), "rating": loss_rat.item(), "total": loss.item()})
    if not logged:
        raise ValueError("no batches")
    return {key: sum(entry[key] for entry in logged) / len(logged) for key in logged[0]}
