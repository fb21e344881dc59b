"""HW2, first half: prototypical networks (Snell, Swersky and Zemel, 2017, https://arxiv.org/abs/1703.05175).

A learner that adapts without a gradient step. The mean of a class's embedded support images is its prototype, and a
query image belongs to the class whose prototype is nearest. What is learned across tasks is the embedding.

Shapes in comments: N classes, S support images and Q query images in a task, D the embedding dimension.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

# A task: support images (S, ...), support labels (S,), query images (Q, ...), query labels (Q,). Images are floating
# point; labels are int64 from 0 to N - 1, in any order.
Task = tuple[Tensor, Tensor, Tensor, Tensor]

# ---------------------------------------------------------------------------------------------------------------------
# Problem 1: prototypes


def prototypes(embeddings: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    """Problem 1. The prototype of each class: c_n = the mean of the embeddings whose label is n.

    `embeddings` (S, D) floating point; `labels` (S,) int64 from 0 to N - 1, in any order; `num_classes` = N. Classes
    may have unequally many examples. Returns (N, D), of the embeddings' dtype, through which the gradient reaches every
    embedding. Raises ValueError if a class has no example.
    """
    ### BEGIN SOLUTION
    means = []
    for n in range(num_classes):
        members = embeddings[labels == n]  # (K_n, D)
        if len(members) == 0:
            raise ValueError(f"class {n} has no example")
        means.append(members.mean(dim=0))  # (D,)
    return torch.stack(means)  # (N, D)
    ### END SOLUTION


def protonet_logits(query: Tensor, prototypes: Tensor) -> Tensor:
    """Problem 1. The logit of query q for class n: minus the squared Euclidean distance, -|x_q - c_n|^2.

    `query` (Q, D), `prototypes` (N, D). Returns (Q, N), differentiable in both, also where a query equals a prototype.
    Nothing is scaled, and no softmax is taken.
    """
    ### BEGIN SOLUTION
    difference = query[:, None, :] - prototypes[None, :, :]  # (Q, 1, D) - (1, N, D) -> (Q, N, D)
    return -(difference**2).sum(dim=2)
    ### END SOLUTION


def protonet_step(encoder: Callable[[Tensor], Tensor], task_batch: Sequence[Task]) -> tuple[Tensor, float, float]:
    """Problem 1. The loss of an encoder on a batch of tasks, and its accuracies: (loss, support_acc, query_acc).

    `encoder(images)` maps (B, ...) to (B, D). For each task it is called exactly twice: once with all support images
    and once with all query images, as they stand in the task. The support embeddings make the prototypes; N is the
    largest support label + 1. Tasks of a batch may differ in every size.

    - `loss`: a 0-dimensional tensor, the mean over tasks of the mean over a task's queries of the cross-entropy between
      the logits and the label. Its gradient reaches the encoder through the queries and through the prototypes.
    - `support_acc`, `query_acc`: the mean over tasks of the share of support (query) images for which the largest logit
      is that of their own class. Plain numbers or 0-dimensional tensors.

    No parameter is changed here, and the encoder's mode is left alone. Raises ValueError if there is no task.
    """
    ### BEGIN SOLUTION
    if len(task_batch) == 0:
        raise ValueError("there is no task in the batch")
    losses, support_accs, query_accs = [], [], []
    for support_images, support_labels, query_images, query_labels in task_batch:
        support = encoder(support_images)  # (S, D)
        query = encoder(query_images)  # (Q, D)
        c = prototypes(support, support_labels, int(support_labels.max()) + 1)  # (N, D)
        support_logits = protonet_logits(support, c)  # (S, N)
        query_logits = protonet_logits(query, c)  # (Q, N)
        losses.append(functional.cross_entropy(query_logits, query_labels))
        support_accs.append((support_logits.argmax(dim=1) == support_labels).double().mean())
        query_accs.append((query_logits.argmax(dim=1) == query_labels).double().mean())
    loss = torch.stack(losses).mean()
    return loss, torch.stack(support_accs).mean().item(), torch.stack(query_accs).mean().item()
    ### END SOLUTION
