"""You ordered the prototypes as their classes appear in the support set; row n belongs to class n.

Module: protonet
Problem: 1
Hint: Row n of the prototypes is the class with label n: go through 0, 1, ..., N - 1.
"""


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    means = []
    if len(labels.unique()) < num_classes:
        raise ValueError("a class has no example")
    for n in dict.fromkeys(labels.tolist()):
        members = embeddings[labels == n]  # (K_n, D)
        if len(members) == 0:
            raise ValueError(f"class {n} has no example")
        means.append(members.mean(dim=0))  # (D,)
    return torch.stack(means)  # (N, D)
