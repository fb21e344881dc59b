"""Running sums.

Module: maml
"""

import numpy as np


def outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train):
    T = len(task_batch)
    if T < 1:
        raise ValueError("T = 0")
    loss, before_after, after = torch.tensor(0.0), np.zeros(num_steps + 1), 0.0
    for i in range(T):
        support_images, support_labels, query_images, query_labels = task_batch[i]
        phi_i, accuracies = inner_loop(forward, parameters, support_images, support_labels, inner_lrs, num_steps, train)
        logits = forward(phi_i, query_images)
        log_p = torch.log_softmax(logits, dim=1)
        loss = loss - log_p[torch.arange(len(query_labels)), query_labels].mean()
        before_after += np.array([float(a) for a in accuracies]) / T
        after += (logits.max(1)[1] == query_labels).double().mean().item() / T
    return loss, before_after.tolist(), after
