"""A loop over the flattened entries."""


def mean_squared_error(predicted, observed):
    if tuple(predicted.shape) != tuple(observed.shape):
        raise ValueError("shape mismatch")
    mse = 0.0
    for p, o in zip(predicted.flatten().tolist(), observed.flatten().tolist()):
        mse += (p - o) ** 2
    return mse
