"""Copies the predictions to be safe, under no_grad, and lets F.mse_loss do the rest."""

import torch.nn.functional as F


def rating_loss(predicted, observed):
    with torch.no_grad():
        guess = predicted.clone()
    return F.mse_loss(guess, observed)
