"""Unpacks the weights and writes the sum out."""


def train_epoch(net, batches, optimizer, weights):
    rating_weight, interaction_weight = weights
    net.train()
    steps = 0
    mean_interaction = mean_rating = mean_total = 0.0
    for u, i, j, r in batches:
        optimizer.zero_grad()
        x_ui, r_hat = net(u, i)
        x_uj, _ = net(u, j)
        L_int = interaction_loss(x_ui, x_uj)
        L_rat = rating_loss(r_hat, r)
        L = interaction_weight * L_int + rating_weight * L_rat
        L.backward()
        optimizer.step()
        mean_interaction += L_int.item()
        mean_rating += L_rat.item()
        mean_total += L.item()
        steps += 1
    if steps == 0:
        raise ValueError("no steps were made")
    return {
        "interaction": mean_interaction / steps,
        "rating": mean_rating / steps,
        "total": mean_total / steps,
    }
