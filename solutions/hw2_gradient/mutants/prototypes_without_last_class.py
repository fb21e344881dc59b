"""You took the number of classes from the labels; a last class without examples goes unnoticed.

Module: protonet
Problem: 1
Hint: num_classes says how many classes there are.
"""


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    means = []
    for n in range(int(labels.max()) + 1):
        members = embeddings[labels == n]  # (K_n, D)
        if len(members) == 0:
            raise ValueError(f"class {n} has no example")
        means.append(members.mean(dim=0))  # (D,)
    return torch.stack(means)  # (N, D)
