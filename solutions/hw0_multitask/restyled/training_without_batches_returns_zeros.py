"""Counts, and guards the division with max."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    total = {"interaction": 0.0, "rating": 0.0, "total": 0.0}
    num_batches = 0
    for num_batches, (users, items, negatives, ratings) in enumerate(batches, start=1):
        net.zero_grad()
        scores, predicted_ratings = net(users, items)
        negative_scores, _ = net(users, negatives)
        current = {
            "interaction": interaction_loss(scores, negative_scores),
            "rating": rating_loss(predicted_ratings, ratings),
        }
        current["total"] = total_loss([current["interaction"], current["rating"]], weights)
        current["total"].backward()
        optimizer.step()
        for key in total:
            total[key] += current[key].item()
    return {key: total[key] / max(num_batches, 1) for key in total}
