"""Treats it as classification: binary cross-entropy of the difference, with ones as labels."""

from torch.nn.functional import binary_cross_entropy_with_logits


def interaction_loss(positive, negative):
    logits = positive - negative
    labels = torch.ones_like(logits)
    return binary_cross_entropy_with_logits(logits, labels)
