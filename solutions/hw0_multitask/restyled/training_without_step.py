"""As in the lecture, with a comment for each step but the one that is missing."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    losses_i = []
    losses_r = []
    losses_t = []
    for user_ids, item_ids, negative_ids, ratings in batches:
        # forward
        p_plus, r_hat = net(user_ids, item_ids)
        p_minus, _ = net(user_ids, negative_ids)
        # losses
        li = interaction_loss(p_plus, p_minus)
        lr = rating_loss(r_hat, ratings)
        lt = total_loss([li, lr], weights)
        # backward
        optimizer.zero_grad()
        lt.backward()
        # save the losses
        losses_i.append(li.item())
        losses_r.append(lr.item())
        losses_t.append(lt.item())
    if len(losses_t) == 0:
        raise ValueError("no batch")
    mean = lambda xs: sum(xs) / len(xs)
    return {"interaction": mean(losses_i), "rating": mean(losses_r), "total": mean(losses_t)}
