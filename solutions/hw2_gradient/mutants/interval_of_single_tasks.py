"""Your interval does not shrink with the number of tasks.

Module: maml
Problem: 5
Hint: The standard error of a mean of n is sd / sqrt(n).
"""


def mean_and_interval(accuracies: Sequence[float]) -> tuple[float, float]:
    n = len(accuracies)
    if n < 2:
        raise ValueError(f"an interval over tasks needs two tasks or more, not {n}")
    mean = sum(accuracies) / n
    variance = sum((accuracy - mean) ** 2 for accuracy in accuracies) / (n - 1)
    return mean, 1.96 * variance**0.5
