"""Adds the losses with a plus sign, and keeps three lists."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    interaction_losses, rating_losses, total_losses = [], [], []
    for batch in batches:
        user_ids, item_ids, negative_ids, ratings = batch
        pos_score, stars = net(user_ids, item_ids)
        neg_score = net(user_ids, negative_ids)[0]
        loss_i = interaction_loss(pos_score, neg_score)
        loss_r = rating_loss(stars, ratings)
        loss = loss_i + loss_r
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        interaction_losses.append(float(loss_i))
        rating_losses.append(float(loss_r))
        total_losses.append(float(loss))
    count = len(total_losses)
    if count == 0:
        raise ValueError("cannot train without batches")
    return {
        "interaction": sum(interaction_losses) / count,
        "rating": sum(rating_losses) / count,
        "total": sum(total_losses) / count,
    }
