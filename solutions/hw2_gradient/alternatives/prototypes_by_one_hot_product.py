"""Prototypes as a product with a one-hot matrix, squares expanded, losses by hand.

Module: protonet
"""


def prototypes(embeddings, labels, num_classes):
    members = torch.nn.functional.one_hot(labels, num_classes).to(embeddings.dtype)  # (S, N)
    counts = members.sum(dim=0)
    if (counts == 0).any():
        raise ValueError("empty class")
    return (members / counts).T @ embeddings


def protonet_logits(query, prototypes):
    return 2 * query @ prototypes.T - (query**2).sum(dim=1, keepdim=True) - (prototypes**2).sum(dim=1)


def protonet_step(encoder, task_batch):
    if not task_batch:
        raise ValueError("empty batch")
    loss, right_support, right_query = 0.0, 0.0, 0.0
    for xs, ys, xq, yq in task_batch:
        n = int(ys.unique().numel())
        zs, zq = encoder(xs), encoder(xq)
        c = prototypes(zs, ys, n)
        logp = torch.log_softmax(protonet_logits(zq, c), dim=-1)
        loss = loss - logp[torch.arange(len(yq)), yq].mean() / len(task_batch)
        right_support += (protonet_logits(zs, c).max(dim=1).indices == ys).float().mean() / len(task_batch)
        right_query += (logp.argmax(1) == yq).float().mean() / len(task_batch)
    return loss, right_support, right_query
