"""You summed the cross-entropy over the images; the loss is their mean.

Module: mann
Problem: 4
Hint: Divide by B N.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = torch.log_softmax(logits[:, -1], dim=-1)  # (B, N, N), over the classes
    return -(labels[:, -1] * log_probabilities).sum()
