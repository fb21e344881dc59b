"""You made an update for each task; there is one for each batch.

Module: maml
Problem: 5
Hint: The gradient of a batch is that of the mean over its tasks.
"""


def meta_train(
    forward: Forward,
    parameters: Parameters,
    task_batches: Iterable[Sequence[Task]],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    outer_lr: float,
) -> list[float]:
    optimizer = outer_optimizer(parameters, inner_lrs, outer_lr)
    history = []
    for task_batch in ([task] for tasks in task_batches for task in tasks):
        optimizer.zero_grad()
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=True)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
