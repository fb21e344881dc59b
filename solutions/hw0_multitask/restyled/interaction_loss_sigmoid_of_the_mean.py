"""Functional: F.sigmoid of the difference of two means."""

import torch.nn.functional as F


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    average_lead = torch.mean(positive) - torch.mean(negative)
    return 1 - F.sigmoid(average_lead)
