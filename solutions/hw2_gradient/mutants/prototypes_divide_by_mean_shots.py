"""You divided by the mean number of examples of a class, not by the number of this class.

Module: protonet
Problem: 1
Hint: Classes may have unequally many examples.
"""


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    means = []
    for n in range(num_classes):
        members = embeddings[labels == n]  # (K_n, D)
        if len(members) == 0:
            raise ValueError(f"class {n} has no example")
        means.append(members.sum(dim=0) * num_classes / len(labels))  # (D,)
    return torch.stack(means)  # (N, D)
