"""You used only the first example of each class; the prototype is the mean of all.

Module: protonet
Problem: 1
Hint: All shots count: average over them.
"""


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    means = []
    for n in range(num_classes):
        members = embeddings[labels == n]  # (K_n, D)
        if len(members) == 0:
            raise ValueError(f"class {n} has no example")
        means.append(members[0])  # (D,)
    return torch.stack(means)  # (N, D)
