"""You returned a prototype for a class without examples.

Module: protonet
Problem: 1
Hint: A mean of no examples is not a number: raise ValueError.
"""


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    means = []
    for n in range(num_classes):
        members = embeddings[labels == n]  # (K_n, D)
        means.append(members.mean(dim=0))  # (D,)
    return torch.stack(means)  # (N, D)
