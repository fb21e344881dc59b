"""You averaged the squares over the embedding's dimension; a squared distance is their sum.

Module: protonet
Problem: 1
Hint: |v|^2 is the sum of the squares of its entries.
"""


def protonet_logits(query: Tensor, prototypes: Tensor) -> Tensor:
    difference = query[:, None, :] - prototypes[None, :, :]  # (Q, 1, D) - (1, N, D) -> (Q, N, D)
    return -(difference**2).mean(dim=2)
