"""statistics.

Module: maml
"""

import statistics


def mean_and_interval(accuracies):
    if len(accuracies) < 2:
        raise ValueError("two tasks at least")
    return statistics.mean(accuracies), 1.96 * statistics.stdev(accuracies)
