"""You put a softmax in front of a cross-entropy that has one already.

Module: mann
Problem: 4
Hint: F.cross_entropy expects logits.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = torch.log_softmax(logits[:, -1].softmax(dim=-1), dim=-1)  # (B, N, N), over the classes
    return -(labels[:, -1] * log_probabilities).sum(dim=-1).mean()
