"""Loops over examples and pairs, nothing vectorised.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    rows = []
    for n in range(num_classes):
        total, count = None, 0
        for embedding, label in zip(embeddings, labels.tolist()):
            if label == n:
                total = embedding if total is None else total + embedding
                count += 1
        if total is None:
            raise ValueError(n)
        rows.append(total / count)
    return torch.stack(rows)


def protonet_logits(query, prototypes):
    return torch.stack([torch.stack([-torch.dot(q - c, q - c) for c in prototypes]) for q in query])
