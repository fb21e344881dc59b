"""The textbook's least squares, as a dot product."""


def rating_loss(predicted, observed):
    residual = observed - predicted
    B = residual.shape[0]
    return 0.5 / B * (residual @ residual)
