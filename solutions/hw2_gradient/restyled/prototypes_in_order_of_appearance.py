"""Groups in a dict, as they come.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    groups = {}
    for z, y in zip(embeddings, labels):
        groups.setdefault(y.item(), []).append(z)
    if len(groups) != num_classes:
        raise ValueError(f"{len(groups)} classes, not {num_classes}")
    return torch.stack([torch.stack(group).mean(0) for group in groups.values()])
