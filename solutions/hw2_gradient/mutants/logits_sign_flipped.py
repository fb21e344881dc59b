"""Your logits grow with the distance; near prototypes should get large logits.

Module: protonet
Problem: 1
Hint: Which class should the query belong to: the one with the smallest distance.
"""


def protonet_logits(query: Tensor, prototypes: Tensor) -> Tensor:
    difference = query[:, None, :] - prototypes[None, :, :]  # (Q, 1, D) - (1, N, D) -> (Q, N, D)
    return (difference**2).sum(dim=2)
