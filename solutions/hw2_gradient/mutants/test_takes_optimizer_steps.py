"""You updated the meta-parameters while testing.

Module: maml
Problem: 5
Hint: What is learned from test tasks is no longer new to you.
"""


def meta_test(
    forward: Forward,
    parameters: Parameters,
    tasks: Iterable[Task],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
) -> tuple[float, float]:
    accuracies = []
    optimizer = outer_optimizer(parameters, inner_lrs, 0.001)
    for task in tasks:
        loss, _, accuracy = outer_loss(forward, parameters, [task], inner_lrs, num_steps, train=True)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        accuracies.append(accuracy)
    return mean_and_interval(accuracies)
