"""You divided the sum of the squares by the number of rows.

Problem: 6
Hint: The mean is over all entries: divide by numel(), or take .mean().
"""


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    if predicted.shape != observed.shape:
        raise ValueError(f"shapes differ: {tuple(predicted.shape)} and {tuple(observed.shape)}")
    return ((predicted - observed) ** 2).sum().item() / len(predicted)
