"""You took the embeddings for sorted by class; labels come in any order.

Module: protonet
Problem: 1
Hint: Choose the rows by their label: embeddings[labels == n].
"""


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    if len(labels.unique()) < num_classes:
        raise ValueError("a class has no example")
    shots = len(embeddings) // num_classes
    return embeddings[: num_classes * shots].reshape(num_classes, shots, -1).mean(dim=1)  # (N, K, D) -> (N, D)
