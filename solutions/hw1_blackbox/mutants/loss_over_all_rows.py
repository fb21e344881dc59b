"""You averaged over all rows: the support is judged, too, although its labels are given.

Module: mann
Problem: 4
Hint: Only the last row counts.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = torch.log_softmax(logits, dim=-1)
    return -(labels * log_probabilities).sum(dim=-1).mean()
