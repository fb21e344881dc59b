"""In one line."""


def rating_loss(predicted, observed):
    return ((predicted.clamp(0.5, 5.0) - observed) ** 2).mean()
