"""You never cleared the gradients.

Module: maml
Problem: 5
Hint: backward() adds to .grad: clear it for every batch.
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
    for task_batch in task_batches:
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=True)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
