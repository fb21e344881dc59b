"""A loop within the loop.

Module: maml
"""


def meta_train(forward, parameters, task_batches, inner_lrs, num_steps, outer_lr):
    opt = outer_optimizer(parameters, inner_lrs, outer_lr)
    losses = []
    for i, batch in enumerate(task_batches):
        for task in batch:
            opt.zero_grad()
            loss = outer_loss(forward, parameters, [task], inner_lrs, num_steps, True)[0]
            loss.backward()
            opt.step()
            losses.append(loss.item())
    return losses
