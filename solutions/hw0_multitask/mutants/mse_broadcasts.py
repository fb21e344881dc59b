"""You subtracted tensors of different shapes.

Problem: 6
Hint: (B, 1) - (B,) is (B, B) and has a mean as well: compare the shapes first and raise ValueError.
"""


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    return ((predicted - observed) ** 2).mean().item()
