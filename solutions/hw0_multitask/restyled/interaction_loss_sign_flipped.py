"""Writes the sigmoid out as a fraction, in a helper."""


def logistic(x):
    return 1.0 / (1.0 + torch.exp(-x))


def interaction_loss(positive, negative):
    diff = torch.sub(negative, positive)
    return torch.mean(1.0 - logistic(diff))
