"""A C programmer: two loops and a counter."""


def interaction_loss(positive, negative):
    total = 0.0
    count = 0
    for p in positive:
        for n in negative:
            total = total + (1.0 - torch.sigmoid(p - n))
            count += 1
    return total / count
