"""HW2, second half: model-agnostic meta-learning (Finn, Abbeel and Levine, 2017, https://arxiv.org/abs/1703.03400).

A learner that adapts by gradient descent. The inner loop takes a few steps from theta on one task's support images and
arrives at phi; the outer loop changes theta such that phi does well on the task's query images. Because phi depends on
theta through the gradients, too, the outer gradient is one of second order.

Shapes in comments: T tasks in a batch, N classes, S support images and Q query images in a task.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

# A task: support images (S, ...), support labels (S,), query images (Q, ...), query labels (Q,). Images are floating
# point; labels are int64 from 0 to N - 1, in any order.
Task = tuple[Tensor, Tensor, Tensor, Tensor]

# The parameters of a network by name, each a leaf that requires gradients, and a network as a function of them:
# forward(parameters, images (B, ...)) -> logits (B, N). It uses every parameter, draws nothing at random and keeps no
# state.
Parameters = dict[str, Tensor]
Forward = Callable[[Parameters, Tensor], Tensor]

# ---------------------------------------------------------------------------------------------------------------------
# Problem 2: the inner loop


def inner_loop(
    forward: Forward,
    parameters: Parameters,
    images: Tensor,
    labels: Tensor,
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    train: bool,
) -> tuple[Parameters, list[float]]:
    """Problem 2. Adapts the parameters to one task: (adapted, support_accuracies).

    phi_0 = theta and phi_{l+1} = phi_l - alpha * grad L(phi_l), for l = 0 ... num_steps - 1, where L(phi) is the mean
    cross-entropy of `forward(phi, images)` with `labels`, and each parameter has its own rate alpha.

    `parameters`: theta, name -> tensor. `images` (S, ...) and `labels` (S,) are the support set. `inner_lrs`: name ->
    0-dimensional tensor, with the names of `parameters`. `num_steps` is 0 or more.

    - `adapted`: a new dict, name -> tensor: phi after exactly `num_steps` steps.
    - `support_accuracies`: `num_steps` + 1 entries, plain numbers or 0-dimensional tensors: the accuracy on the support
      set of phi_0, phi_1, ..., phi_{num_steps}.

    With `train`, `adapted` is differentiable with respect to `parameters` and `inner_lrs`, through the inner gradients,
    too (`create_graph=True`). Without it, the inner gradients are constants, and no graph is kept through them.
    `parameters` and `inner_lrs` are left as they were: the dicts, the values, and every `.grad`.
    """
    raise NotImplementedError("Problem 2: inner_loop")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 3: the outer loss


def outer_loss(
    forward: Forward,
    parameters: Parameters,
    task_batch: Sequence[Task],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    train: bool,
) -> tuple[Tensor, list[float], float]:
    """Problem 3. How well the adapted parameters do on queries: (loss, support_accuracies, query_accuracy).

    For each task the inner loop starts from the same `parameters` and adapts to the support set; the adapted parameters
    are judged on the query set. All tasks of a batch have the same shapes.

    - `loss`: a 0-dimensional tensor, the mean over tasks of the mean cross-entropy on the query set. With `train` it is
      differentiable with respect to `parameters` and `inner_lrs`, to second order: through the inner gradients.
    - `support_accuracies`: `num_steps` + 1 entries, the mean over tasks of what the inner loop returns.
    - `query_accuracy`: the mean over tasks of the adapted parameters' accuracy on the query set.
      Accuracies are plain numbers or 0-dimensional tensors.

    Nothing is changed here: neither parameters nor rates, nor any `.grad`. Raises ValueError if there is no task.
    """
    raise NotImplementedError("Problem 3: outer_loss")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 4: inner rates that are learned


def initial_inner_lrs(parameters: Parameters, inner_lr: float, learned: bool) -> dict[str, Tensor]:
    """Problem 4. An inner rate for each parameter: name -> 0-dimensional tensor, a leaf of its own.

    Each starts at `inner_lr`, has the dtype of its parameter, and requires gradients if and only if `learned`.
    (Antoniou, Edwards and Storkey, 2019, https://arxiv.org/abs/1810.09502, learn one per tensor and step.)
    """
    raise NotImplementedError("Problem 4: initial_inner_lrs")


def outer_optimizer(parameters: Parameters, inner_lrs: dict[str, Tensor], outer_lr: float) -> torch.optim.Adam:
    """Problem 4. The optimiser of the outer loop: Adam with learning rate `outer_lr`, all else as PyTorch has it.

    It updates every tensor of `parameters`, and of `inner_lrs` those that require gradients.
    """
    raise NotImplementedError("Problem 4: outer_optimizer")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 5: meta-training and meta-testing


def meta_train(
    forward: Forward,
    parameters: Parameters,
    task_batches: Iterable[Sequence[Task]],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    outer_lr: float,
) -> list[float]:
    """Problem 5. Trains theta: one update of the outer optimiser for each batch of tasks, in place.

    One optimiser, as `outer_optimizer` makes it, serves all batches, which come in the order of `task_batches`. Each
    update follows the gradient of the outer loss of its own batch alone, and changes `parameters` and those `inner_lrs`
    that require gradients. Returns the outer loss of each batch as it was before its update, as plain numbers.
    """
    raise NotImplementedError("Problem 5: meta_train")


def mean_and_interval(accuracies: Sequence[float]) -> tuple[float, float]:
    """Problem 5. The mean of the accuracies of n tasks, and half the width of its 95 % interval: (mean, half_width).

    half_width = 1.96 sd / sqrt(n), where sd^2 = sum_i (a_i - mean)^2 / (n - 1). Plain numbers.
    Raises ValueError for fewer than two tasks, which say nothing of how tasks differ.
    """
    raise NotImplementedError("Problem 5: mean_and_interval")


def meta_test(
    forward: Forward,
    parameters: Parameters,
    tasks: Iterable[Task],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
) -> tuple[float, float]:
    """Problem 5. The accuracy on new tasks with its 95 % interval over tasks: (accuracy, half_width).

    For each task the parameters are adapted to the support set and judged on the query set; `mean_and_interval` of
    these query accuracies is returned. Every task starts from the same `parameters`, and nothing is learned here:
    parameters and rates are left as they were. Raises ValueError for fewer than two tasks.
    """
    raise NotImplementedError("Problem 5: meta_test")
