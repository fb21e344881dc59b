"""Encodes class by class.

Module: protonet
"""


def protonet_step(encoder, task_batch):
    if not len(task_batch):
        raise ValueError("task_batch is empty")
    total, s_acc, q_acc = 0.0, 0.0, 0.0
    for task in task_batch:
        x_s, y_s, x_q, y_q = task
        z_s = torch.zeros(0, dtype=x_s.dtype)
        order = torch.zeros(0, dtype=torch.int64)
        for c in range(y_s.max().item() + 1):
            where = torch.where(y_s == c)[0]
            z_c = encoder(x_s[where])
            z_s = z_c if c == 0 else torch.vstack([z_s, z_c])
            order = torch.hstack([order, where])
        y_s = y_s[order]
        z_q = encoder(x_q)
        protos = prototypes(z_s, y_s, y_s.max().item() + 1)
        out_s, out_q = protonet_logits(z_s, protos), protonet_logits(z_q, protos)
        total = total + torch.nn.CrossEntropyLoss()(out_q, y_q)
        s_acc += torch.eq(out_s.argmax(-1), y_s).double().mean().item()
        q_acc += torch.eq(out_q.argmax(-1), y_q).double().mean().item()
    T = len(task_batch)
    return total / T, s_acc / T, q_acc / T
