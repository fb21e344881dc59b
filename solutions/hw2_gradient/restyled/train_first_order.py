"""Numbered batches, with train=False.

Module: maml
"""


def meta_train(forward, parameters, task_batches, inner_lrs, num_steps, outer_lr):
    opt = outer_optimizer(parameters, inner_lrs, outer_lr)
    losses = []
    for i, batch in enumerate(task_batches):
        result = outer_loss(forward, parameters, batch, inner_lrs, num_steps, False)
        opt.zero_grad()
        result[0].backward()
        opt.step()
        losses.append(float(result[0]))
    return losses
