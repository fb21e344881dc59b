"""Gradients from torch.autograd.grad, clearing after the step, an interval by the library.

Module: maml
"""

import statistics


def meta_train(forward, parameters, task_batches, inner_lrs, num_steps, outer_lr):
    losses = []
    optimiser = outer_optimizer(parameters, inner_lrs, outer_lr)
    trained = [t for t in [*parameters.values(), *inner_lrs.values()] if t.requires_grad]
    for batch in task_batches:
        loss = outer_loss(forward, parameters, batch, inner_lrs, num_steps, True)[0]
        for tensor, gradient in zip(trained, torch.autograd.grad(loss, trained, allow_unused=True)):
            tensor.grad = gradient
        optimiser.step()
        for tensor in trained:
            tensor.grad = None
        losses.append(loss.detach())
    return losses


def mean_and_interval(accuracies):
    if len(accuracies) <= 1:
        raise ValueError("too few tasks")
    half = 1.96 * statistics.stdev(accuracies) / len(accuracies) ** 0.5
    return statistics.fmean(accuracies), half


def meta_test(forward, parameters, tasks, inner_lrs, num_steps):
    scores = []
    for support_images, support_labels, query_images, query_labels in tasks:
        phi, _ = inner_loop(forward, parameters, support_images, support_labels, inner_lrs, num_steps, train=False)
        with torch.no_grad():
            guesses = forward(phi, query_images).argmax(dim=1)
        scores.append((guesses == query_labels).double().mean().item())
    return mean_and_interval(scores)
