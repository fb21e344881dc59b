"""A function for one batch.

Module: maml
"""


def meta_train(forward, parameters, task_batches, inner_lrs, num_steps, outer_lr):
    def update(batch):
        optimiser = outer_optimizer(parameters, inner_lrs, outer_lr)
        optimiser.zero_grad()
        loss, _, _ = outer_loss(forward, parameters, batch, inner_lrs, num_steps, train=True)
        loss.backward()
        optimiser.step()
        return loss.item()

    return [update(batch) for batch in task_batches]
