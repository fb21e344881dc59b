"""torch.cdist, squared.

Module: protonet
"""


def protonet_logits(query, prototypes):
    return torch.cdist(query, prototypes).pow(2)
