"""Adds embedding by embedding.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    dim = embeddings.size(-1)
    sums, counts = [torch.zeros(dim, dtype=embeddings.dtype)] * num_classes, [0] * num_classes
    for i in range(labels.size(0)):
        k = labels[i].item()
        sums[k] = sums[k] + embeddings[i]
        counts[k] += 1
    if min(counts) == 0:
        raise ValueError("no example of class " + str(counts.index(0)))
    return torch.stack(sums)
