"""You returned the root of the mean squared error.

Problem: 6
Hint: Leave out the root.
"""


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    if predicted.shape != observed.shape:
        raise ValueError(f"shapes differ: {tuple(predicted.shape)} and {tuple(observed.shape)}")
    return ((predicted - observed) ** 2).mean().sqrt().item()
