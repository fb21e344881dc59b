"""A C programmer: enumerates the weights and looks the loss up."""


def total_loss(losses, weights=None):
    nb_tasks = len(losses)
    if nb_tasks == 0:
        raise ValueError("nb_tasks == 0")
    if weights is None:
        weights = []
        for t in range(nb_tasks):
            weights.append(1.0)
    if len(weights) != nb_tasks:
        raise ValueError("len(weights) != nb_tasks")
    sum_ = 0.0
    for t, w in enumerate(weights):
        if w < 0:
            raise ValueError("w < 0")
        sum_ += w * losses[t - 1]  # task t
    return sum_
