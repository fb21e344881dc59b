"""You judged the parameters without adapting them to the task.

Module: maml
Problem: 5
Hint: The inner steps belong to the learner, in testing as in training.
"""


def meta_test(
    forward: Forward,
    parameters: Parameters,
    tasks: Iterable[Task],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
) -> tuple[float, float]:
    accuracies = []
    for task in tasks:
        _, _, accuracy = outer_loss(forward, parameters, [task], inner_lrs, 0, train=False)
        accuracies.append(accuracy)
    return mean_and_interval(accuracies)
