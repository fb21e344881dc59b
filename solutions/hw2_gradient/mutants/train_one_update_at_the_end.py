"""You made one update after all batches; there is one for each.

Module: maml
Problem: 5
Hint: step() belongs into the loop.
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
        history.append(loss.item())
    optimizer.step()
    return history
