"""You returned the losses after the updates; they are those before.

Module: maml
Problem: 5
Hint: Which parameters was the loss computed with?
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
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=True)
        loss.backward()
        optimizer.step()
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=True)
        history.append(loss.item())
    return history
