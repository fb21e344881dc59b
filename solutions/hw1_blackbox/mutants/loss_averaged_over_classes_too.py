"""You averaged over images and classes: the loss is N times too small.

Module: mann
Problem: 4
Hint: Sum over the classes, then take the mean over the B N images.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = torch.log_softmax(logits[:, -1], dim=-1)  # (B, N, N), over the classes
    return -(labels[:, -1] * log_probabilities).mean()
