"""Chunks of the support set, one for each class.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    if set(labels.tolist()) != set(range(num_classes)):
        raise ValueError("not all classes are there")
    return torch.stack([chunk.mean(0) for chunk in torch.chunk(embeddings, num_classes)])
