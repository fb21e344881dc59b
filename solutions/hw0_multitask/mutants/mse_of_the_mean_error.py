"""You squared the mean error, in which errors of both signs cancel.

Problem: 6
Hint: Square first, then take the mean.
"""


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    if predicted.shape != observed.shape:
        raise ValueError(f"shapes differ: {tuple(predicted.shape)} and {tuple(observed.shape)}")
    return ((predicted - observed).mean() ** 2).item()
