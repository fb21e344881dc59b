"""Rows of results; the inner loop gets train=False.

Module: maml
"""


def outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train):
    if not task_batch:
        raise ValueError("task_batch is empty")
    rows = []
    for task in task_batch:
        xs, ys, xq, yq = task
        adapted, accs = inner_loop(forward, parameters, xs, ys, inner_lrs, num_steps, train=False)
        out = forward(adapted, xq)
        rows.append((functional.cross_entropy(out, yq), accs, torch.eq(out.argmax(1), yq).float().mean()))
    losses, support, query = zip(*rows)
    support = [sum(float(a) for a in step) / len(step) for step in zip(*support)]
    return sum(losses) / len(losses), support, sum(query) / len(query)
