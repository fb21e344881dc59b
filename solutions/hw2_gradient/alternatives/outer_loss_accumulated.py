"""Adds each task's share to running sums; the number of tasks is known beforehand.

Module: maml
"""


def outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train):
    count = len(task_batch)
    if count == 0:
        raise ValueError("no tasks")
    loss = 0
    support = torch.zeros(num_steps + 1)
    query = torch.zeros(())
    for task in task_batch:
        phi, accuracies = inner_loop(
            forward=forward,
            parameters=dict(parameters),
            images=task[0],
            labels=task[1],
            inner_lrs=inner_lrs,
            num_steps=num_steps,
            train=train,
        )
        logits = forward(phi, task[2])
        loss = loss + functional.cross_entropy(logits, task[3]) / count
        support += torch.tensor([float(accuracy) for accuracy in accuracies]) / count
        query += (logits.argmax(dim=1) == task[3]).float().mean() / count
    return loss, support, query
