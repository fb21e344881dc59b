"""Running sums of the loss; what was last in the loop is returned.

Module: maml
"""


def outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train):
    if len(task_batch) == 0:
        raise ValueError("no task")
    loss = 0
    for xs, ys, xq, yq in task_batch:
        phi, support_acc = inner_loop(forward, parameters, xs, ys, inner_lrs, num_steps, train)
        out = forward(phi, xq)
        query_acc = (out.argmax(dim=-1) == yq).float().mean()
        loss = loss + functional.cross_entropy(out, yq)
    loss = loss / len(task_batch)
    return loss, support_acc, query_acc
