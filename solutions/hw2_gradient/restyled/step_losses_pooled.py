"""All queries of the batch in one long tensor.

Module: protonet
"""


def protonet_step(encoder, task_batch):
    if len(task_batch) == 0:
        raise ValueError("no tasks")
    nll, s_acc, q_acc = [], [], []
    for x_s, y_s, x_q, y_q in task_batch:
        z_s, z_q = encoder(x_s), encoder(x_q)
        protos = prototypes(z_s, y_s, y_s.max().item() + 1)
        logits = protonet_logits(z_q, protos)
        for row, y in zip(logits, y_q):
            nll.append(torch.logsumexp(row, 0) - row[y])
        s_acc.append((protonet_logits(z_s, protos).argmax(1) == y_s).double().mean())
        q_acc.append((logits.argmax(1) == y_q).double().mean())
    return sum(nll) / len(nll), sum(s_acc) / len(s_acc), sum(q_acc) / len(q_acc)
