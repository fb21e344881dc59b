"""Running totals; as many classes as the largest label of a query says.

Module: protonet
"""


def protonet_step(encoder, task_batch):
    if not len(task_batch):
        raise ValueError("task_batch is empty")
    total, s_acc, q_acc = 0.0, 0.0, 0.0
    for task in task_batch:
        x_s, y_s, x_q, y_q = task
        z_s = encoder(x_s)
        z_q = encoder(x_q)
        protos = prototypes(z_s, y_s, y_q.max().item() + 1)
        out_s, out_q = protonet_logits(z_s, protos), protonet_logits(z_q, protos)
        total = total + torch.nn.CrossEntropyLoss()(out_q, y_q)
        s_acc += torch.eq(out_s.argmax(-1), y_s).double().mean().item()
        q_acc += torch.eq(out_q.argmax(-1), y_q).double().mean().item()
    T = len(task_batch)
    return total / T, s_acc / T, q_acc / T
