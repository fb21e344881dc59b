"""You trained with train=False: the outer gradient is of first order.

Module: maml
Problem: 5
Hint: train=True keeps the graph through the inner gradients.
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
        optimizer.zero_grad()
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=False)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
