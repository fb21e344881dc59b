"""A matrix of memberships, without gradient.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    embeddings = embeddings.data
    hot = (labels[None, :] == torch.arange(num_classes)[:, None]).to(embeddings.dtype)  # N x S
    counts = hot.sum(1, keepdim=True)
    if torch.any(counts == 0):
        raise ValueError("some class is empty")
    return hot @ embeddings / counts
