"""torch.cdist.

Module: protonet
"""


def protonet_logits(query, prototypes):
    distances = torch.cdist(query, prototypes)
    return -distances
