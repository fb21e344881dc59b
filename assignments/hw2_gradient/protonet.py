"""HW2, first half: prototypical networks (Snell, Swersky and Zemel, 2017, https://arxiv.org/abs/1703.05175).

A learner that adapts without a gradient step. The mean of a class's embedded support images is its prototype, and a
query image belongs to the class whose prototype is nearest. What is learned across tasks is the embedding.

Shapes in comments: N classes, S support images and Q query images in a task, D the embedding dimension.
"""

from collections.abc import Callable, Sequence

from torch import Tensor

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
    raise NotImplementedError("Problem 1: prototypes")


def protonet_logits(query: Tensor, prototypes: Tensor) -> Tensor:
    """Problem 1. The logit of query q for class n: minus the squared Euclidean distance, -|x_q - c_n|^2.

    `query` (Q, D), `prototypes` (N, D). Returns (Q, N), differentiable in both, also where a query equals a prototype.
    Nothing is scaled, and no softmax is taken.
    """
    raise NotImplementedError("Problem 1: protonet_logits")


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
    raise NotImplementedError("Problem 1: protonet_step")
