"""Counts through a list of the batches.

Module: maml
"""


def meta_train(forward, parameters, task_batches, inner_lrs, num_steps, outer_lr):
    everything = [batch for batch in task_batches]
    opt, losses = outer_optimizer(parameters, inner_lrs, outer_lr), []
    for i in range(len(everything)):
        value = outer_loss(forward, parameters, everything[i], inner_lrs, num_steps, True)[0]
        opt.zero_grad(set_to_none=True)
        value.backward()
        opt.step()
        losses += [value.detach().item()]
    return losses
