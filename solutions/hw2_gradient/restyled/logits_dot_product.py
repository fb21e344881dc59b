"""An einsum over the embedding's dimension.

Module: protonet
"""


def protonet_logits(query, prototypes):
    similarity = torch.einsum("qd,nd->qn", query, prototypes)
    return similarity
