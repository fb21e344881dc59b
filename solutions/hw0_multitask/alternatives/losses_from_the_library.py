"""Uses 1 - sigmoid(x) = sigmoid(-x) and the library's squared error."""

import torch.nn.functional as F


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return F.sigmoid(negative - positive).mean()


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return F.mse_loss(predicted, observed)
