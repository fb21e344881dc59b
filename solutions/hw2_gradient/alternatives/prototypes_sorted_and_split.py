"""Sorts by label and splits; keeps the embeddings of all tasks first.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    sizes = [int((labels == n).sum()) for n in range(num_classes)]
    if 0 in sizes:
        raise ValueError("no example of some class")
    by_class = embeddings[torch.argsort(labels, stable=True)].split(sizes)
    return torch.stack([group.sum(0) / len(group) for group in by_class])


def protonet_logits(query, prototypes):
    return -torch.einsum("qnd,qnd->qn", query[:, None] - prototypes, query[:, None] - prototypes)


def protonet_step(encoder, task_batch):
    if len(task_batch) < 1:
        raise ValueError("len(task_batch) is 0")
    embedded = [(encoder(s), sl, encoder(q), ql) for s, sl, q, ql in task_batch]
    outputs = []
    for s, sl, q, ql in embedded:
        c = prototypes(s, sl, sl.max().add(1).item())
        outputs.append((protonet_logits(s, c), sl, protonet_logits(q, c), ql))
    loss = sum(functional.cross_entropy(q, ql) for _, _, q, ql in outputs) / len(outputs)
    on_support = sum((s.argmax(1) == sl).double().mean().item() for s, sl, _, _ in outputs) / len(outputs)
    on_query = sum((q.argmax(1) == ql).double().mean().item() for _, _, q, ql in outputs) / len(outputs)
    return loss, on_support, on_query
