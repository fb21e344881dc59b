"""You divided by n in the variance; it is n - 1.

Module: maml
Problem: 5
Hint: The mean was estimated from the same numbers.
"""


def mean_and_interval(accuracies: Sequence[float]) -> tuple[float, float]:
    n = len(accuracies)
    if n < 2:
        raise ValueError(f"an interval over tasks needs two tasks or more, not {n}")
    mean = sum(accuracies) / n
    variance = sum((accuracy - mean) ** 2 for accuracy in accuracies) / n
    return mean, 1.96 * (variance / n) ** 0.5
