"""Sums by index_add_, distances by cdist, queries embedded first.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    counts = torch.bincount(labels, minlength=num_classes)
    if counts.min() == 0:
        raise ValueError(f"classes without examples: {(counts == 0).nonzero().flatten().tolist()}")
    sums = torch.zeros(num_classes, embeddings.shape[1], dtype=embeddings.dtype)
    return sums.index_add(0, labels, embeddings) / counts.unsqueeze(1)


def protonet_logits(query, prototypes):
    return -(torch.cdist(query, prototypes, p=2) ** 2)


def protonet_step(encoder, task_batch):
    results = []
    for support_images, support_labels, query_images, query_labels in task_batch:
        query = encoder(query_images)
        support = encoder(support_images)
        centres = prototypes(support, support_labels, 1 + support_labels.max().item())
        logits = protonet_logits(query, centres)
        results.append(
            (
                functional.nll_loss(logits.log_softmax(dim=1), query_labels),
                (torch.cdist(support, centres).argmin(dim=1) == support_labels).double().mean(),
                (logits.argmax(dim=1) == query_labels).double().mean(),
            )
        )
    if not results:
        raise ValueError("nothing to learn from")
    loss, support_acc, query_acc = (torch.stack(column).mean() for column in zip(*results))
    return loss, support_acc, query_acc
