"""You took a root and squared it again; where a query equals a prototype, that has no gradient.

Module: protonet
Problem: 1
Hint: A square root has no slope at 0. The squared distance needs none.
"""


def protonet_logits(query: Tensor, prototypes: Tensor) -> Tensor:
    difference = query[:, None, :] - prototypes[None, :, :]  # (Q, 1, D) - (1, N, D) -> (Q, N, D)
    return -(((difference**2).sum(dim=2).sqrt()) ** 2)
