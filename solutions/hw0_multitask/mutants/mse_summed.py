"""You summed the squared errors.

Problem: 6
Hint: Divide by the number of entries: .mean().
"""


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    if predicted.shape != observed.shape:
        raise ValueError(f"shapes differ: {tuple(predicted.shape)} and {tuple(observed.shape)}")
    return ((predicted - observed) ** 2).sum().item()
