"""Remembers an embedding per class in a dict.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    protos = {}
    for z, y in zip(embeddings, labels.tolist()):
        protos.setdefault(y, z)
    if len(protos) < num_classes:
        raise ValueError("missing class")
    return torch.stack([protos[y] for y in range(num_classes)])
