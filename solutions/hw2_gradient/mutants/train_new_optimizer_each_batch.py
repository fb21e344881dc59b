"""You made a new optimiser for every batch, so that Adam forgets.

Module: maml
Problem: 5
Hint: Adam keeps running means: make it once, before the loop.
"""


def meta_train(
    forward: Forward,
    parameters: Parameters,
    task_batches: Iterable[Sequence[Task]],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    outer_lr: float,
) -> list[float]:
    history = []
    for task_batch in task_batches:
        optimizer = outer_optimizer(parameters, inner_lrs, outer_lr)
        optimizer.zero_grad()
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=True)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
