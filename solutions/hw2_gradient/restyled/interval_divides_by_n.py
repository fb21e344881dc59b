"""numpy.

Module: maml
"""

import numpy as np


def mean_and_interval(accuracies):
    if len(accuracies) < 2:
        raise ValueError("two tasks at least")
    a = np.asarray(accuracies, dtype=float)
    return a.mean(), 1.96 * a.std() / np.sqrt(len(a))
