"""You kept the learned rates from becoming negative.

Module: maml
Problem: 5
Hint: A negative rate says that the two sets disagree about this step. It may stay.
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
        with torch.no_grad():
            for rate in inner_lrs.values():
                rate.clamp_(min=0)
        history.append(loss.item())
    return history
