"""You returned an interval for a single task.

Module: maml
Problem: 5
Hint: One number says nothing of how tasks differ: raise ValueError.
"""


def mean_and_interval(accuracies: Sequence[float]) -> tuple[float, float]:
    n = len(accuracies)
    if n < 2:
        return accuracies[0], 0.0
    mean = sum(accuracies) / n
    variance = sum((accuracy - mean) ** 2 for accuracy in accuracies) / (n - 1)
    return mean, 1.96 * (variance / n) ** 0.5
