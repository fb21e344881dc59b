"""You trained copies and wrote them back at the end; the caller's tensors change with every batch.

Module: maml
Problem: 5
Hint: Give the caller's own tensors to the optimiser.
"""


def meta_train(
    forward: Forward,
    parameters: Parameters,
    task_batches: Iterable[Sequence[Task]],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    outer_lr: float,
) -> list[float]:
    given, parameters = (
        parameters,
        {name: value.detach().clone().requires_grad_() for name, value in parameters.items()},
    )
    optimizer = outer_optimizer(parameters, inner_lrs, outer_lr)
    history = []
    for task_batch in task_batches:
        optimizer.zero_grad()
        loss, _, _ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train=True)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    with torch.no_grad():
        for name, value in given.items():
            value.copy_(parameters[name])
    return history
