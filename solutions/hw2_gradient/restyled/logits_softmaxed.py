"""The square expanded, and normalised to sum to one.

Module: protonet
"""


def protonet_logits(query, prototypes):
    q2, p2 = query.pow(2).sum(-1)[:, None], prototypes.pow(2).sum(-1)[None]
    similarity = torch.exp(-(q2 - 2 * query @ prototypes.t() + p2))
    return similarity / similarity.sum(dim=1, keepdim=True)
