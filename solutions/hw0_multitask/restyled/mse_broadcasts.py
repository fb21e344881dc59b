"""From the library, in one line."""

import torch.nn.functional as F


def mean_squared_error(predicted, observed):
    return F.mse_loss(predicted, observed).item()
