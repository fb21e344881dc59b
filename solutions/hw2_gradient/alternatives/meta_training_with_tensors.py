"""Zeroes in place after each step; mean and deviation of a tensor; meta-tests a list.

Module: maml
"""


def meta_train(forward, parameters, task_batches, inner_lrs, num_steps, outer_lr):
    history = []
    opt = outer_optimizer(parameters, inner_lrs, outer_lr)
    opt.zero_grad(set_to_none=False)
    for task_batch in task_batches:
        loss, *_ = outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, True)
        loss.backward()
        opt.step()
        opt.zero_grad(set_to_none=False)
        history += [loss.item()]
    return history


def mean_and_interval(accuracies):
    values = torch.as_tensor(accuracies, dtype=torch.float64)
    if values.numel() < 2:
        raise ValueError("need at least 2")
    return values.mean(), 1.96 * values.std() / values.numel() ** 0.5


def meta_test(forward, parameters, tasks, inner_lrs, num_steps):
    results = [outer_loss(forward, parameters, (task,), inner_lrs, num_steps, train=False) for task in list(tasks)]
    return mean_and_interval([float(accuracy) for _, _, accuracy in results])
