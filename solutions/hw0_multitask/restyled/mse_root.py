"""The numpy person."""

import numpy as np


def mean_squared_error(predicted, observed):
    p, o = predicted.detach().numpy(), observed.detach().numpy()
    if p.shape != o.shape:
        raise ValueError(f"{p.shape} is not {o.shape}")
    return float(np.sqrt(np.mean(np.square(p - o))))
