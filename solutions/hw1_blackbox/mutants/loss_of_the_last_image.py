"""You judge only the last image of the query row.

Module: mann
Problem: 4
Hint: The query is the whole last row of N images.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = torch.log_softmax(logits[:, -1, -1:], dim=-1)  # (B, N, N), over the classes
    return -(labels[:, -1, -1:] * log_probabilities).sum(dim=-1).mean()
