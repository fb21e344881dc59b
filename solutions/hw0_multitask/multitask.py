"""HW0: multi-task basics. A recommender with two tasks, *interaction* and *rating*, on the same users and items.

Two ideas carry the whole file. The data of all tasks is one union, D = D_1 + ... + D_T, and the loss of all tasks is
one weighted sum, L = sum_i w_i L_i.

Shapes in comments: B examples in a batch, U users, I items, d the embedding dimension.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

# ---------------------------------------------------------------------------------------------------------------------
# Problem 1: the union of the tasks' data


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    """Problem 1. One epoch over D = D_1 + ... + D_T: `(task_id, example)` for each example of each task, exactly once.

    The order is one uniform shuffle over all examples of all tasks together. Task ids count from 0 in the order of
    `datasets`. Datasets may differ in length, and one may be empty; an example may be anything, also equal to another
    one, and is passed on unchanged.
    All randomness comes from `generator`: its state decides the order, and a second call gives another order.
    """
    ### BEGIN SOLUTION
    places = [(task_id, row) for task_id, dataset in enumerate(datasets) for row in range(len(dataset))]
    for place in torch.randperm(len(places), generator=generator).tolist():
        task_id, row = places[place]
        yield task_id, datasets[task_id][row]
    ### END SOLUTION


def joint_batches(
    datasets: Sequence[Sequence[Any]], batch_size: int, generator: torch.Generator
) -> Iterator[list[tuple[int, Any]]]:
    """Problem 1. The union in batches: yields lists of `batch_size` pairs `(task_id, example)`.

    A batch mixes the tasks. What is left at the end makes a smaller last batch, so that nothing is dropped.
    Raises ValueError if `batch_size` is less than 1.
    """
    ### BEGIN SOLUTION
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be at least 1")
    batch = []
    for pair in union(datasets, generator):
        batch.append(pair)
        if len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 2: the sum of the tasks' losses


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    """Problem 2. The multi-task loss L = sum_i w_i L_i.

    `losses` is a list or tuple of one 0-dimensional tensor per task, for one task or more; `weights` is a list or tuple
    of as many numbers, each 1 if it is not given. Returns a 0-dimensional tensor through which the gradient reaches
    every L_i. It is a sum: not divided by the number of tasks, nor by the sum of the weights. A weight may be 0.
    Raises ValueError if there is no loss, if the lengths differ, or if a weight is negative.
    """
    ### BEGIN SOLUTION
    if weights is None:
        weights = [1.0] * len(losses)
    if len(losses) == 0:
        raise ValueError("there is no loss to add up")
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses need as many weights, not {len(weights)}")
    if min(weights) < 0:
        raise ValueError(f"a weight is negative: {list(weights)}")
    weighted = [weight * loss for weight, loss in zip(weights, losses, strict=True)]
    return torch.stack(weighted).sum()
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 3: the loss of each task


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    """Problem 3. How far the items that users rated are from being scored above items they did not rate.

    L = (1/B) sum_b [1 - sigmoid(p+_b - p-_b)], with `positive` = p+ (B,) and `negative` = p- (B,), row by row: p+_b and
    p-_b are scores of two items for the same user. Returns a 0-dimensional tensor.
    """
    ### BEGIN SOLUTION
    return (1 - torch.sigmoid(positive - negative)).mean()
    ### END SOLUTION


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    """Problem 3. The mean squared error L = (1/B) sum_b (predicted_b - observed_b)^2, both (B,).

    Returns a 0-dimensional tensor.
    """
    ### BEGIN SOLUTION
    return ((predicted - observed) ** 2).mean()
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 4: one network, two outputs


class MultiTaskNet(nn.Module):
    """Problem 4. Scores how likely a user is to rate an item, and predicts the rating.

    With u the user's and q the item's embedding, both (d,), and b one number per item:

        score  = u . q + b
        rating = MLP([u, q, u * q])

    The MLP is Linear(3d, l_1), ReLU, Linear(l_1, l_2), ReLU, ..., Linear(l_n, 1), with nothing after the last layer.
    With `shared` both outputs use the same user table (U, d) and the same item table (I, d). Without it each output has
    a user table and an item table of its own, so that no parameter has to serve two tasks; b belongs to the score.
    """

    def __init__(
        self,
        num_users: int,
        num_items: int,
        embedding_dim: int = 32,
        layer_sizes: Sequence[int] = (96, 64),
        shared: bool = True,
    ) -> None:
        """Problem 4. Makes the tables, the item bias (I,) and the layers, and no other parameters.

        Each entry of each table starts as a draw of its own from N(0, 1/d), that is with *variance* 1/d; each item bias
        starts at exactly 0; the layers are `nn.Linear` as PyTorch initialises them. `layer_sizes` is a tuple or a list
        with one size or more.
        The names of the attributes are free.
        """
        super().__init__()
        ### BEGIN SOLUTION

        def table(rows: int) -> nn.Embedding:
            embedding = nn.Embedding(rows, embedding_dim)
            nn.init.normal_(embedding.weight, std=embedding_dim**-0.5)  # variance 1/d, so that |u|^2 is about 1
            return embedding

        self.score_users = table(num_users)  # (U, d)
        self.score_items = table(num_items)  # (I, d)
        self.item_bias = nn.Parameter(torch.zeros(num_items))  # (I,)
        # Sharing means that both tasks look into the very same table, not into two tables that start alike.
        self.rating_users = self.score_users if shared else table(num_users)
        self.rating_items = self.score_items if shared else table(num_items)

        widths = (3 * embedding_dim, *layer_sizes)
        layers: list[nn.Module] = []
        for width_in, width_out in pairwise(widths):
            layers += [nn.Linear(width_in, width_out), nn.ReLU()]
        self.mlp = nn.Sequential(*layers, nn.Linear(widths[-1], 1))
        ### END SOLUTION

    def forward(self, user_ids: Tensor, item_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Problem 4. `user_ids`, `item_ids`: (B,) int64, row by row. Returns (score (B,), predicted rating (B,))."""
        ### BEGIN SOLUTION
        u, q = self.score_users(user_ids), self.score_items(item_ids)  # (B, d), (B, d)
        score = (u * q).sum(dim=1) + self.item_bias[item_ids]  # (B,)

        u, q = self.rating_users(user_ids), self.rating_items(item_ids)  # (B, d), (B, d)
        features = torch.cat([u, q, u * q], dim=1)  # (B, 3d)
        rating = self.mlp(features).squeeze(1)  # (B, 1) -> (B,)
        return score, rating
        ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 5: training on both tasks at once

# user ids, ids of items that these users rated, ids of items that they did not rate, and the ratings: (B,) each
Batch = tuple[Tensor, Tensor, Tensor, Tensor]


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    """Problem 5. One pass over `batches` in training mode, with one update per batch. Returns the mean losses.

    Each batch is `(user_ids, item_ids, negative_ids, ratings)`, (B,) each; the users rated `item_ids` and did not rate
    `negative_ids`. `net(user_ids, item_ids)` returns (score, rating) as in Problem 4. The interaction loss compares the
    scores of the rated and of the negative items; the rating loss is for the rated items only, as nothing is known of
    the others. `weights` = (weight of the interaction loss, weight of the rating loss). Each update follows the
    gradient of its own batch alone, whatever `.grad` held before.

    Returns {"interaction": ..., "rating": ..., "total": ...}: the means over batches of the two losses, unweighted, and
    of their weighted sum, as they were when their batch came. Raises ValueError if there is no batch.
    """
    ### BEGIN SOLUTION
    net.train()
    history = []
    for user_ids, item_ids, negative_ids, ratings in batches:
        optimizer.zero_grad()
        positive, predicted = net(user_ids, item_ids)  # (B,), (B,)
        negative, _ = net(user_ids, negative_ids)  # (B,)
        interaction, rating = interaction_loss(positive, negative), rating_loss(predicted, ratings)
        total = total_loss([interaction, rating], weights)  # L = sum_i w_i L_i
        total.backward()
        optimizer.step()
        history.append(torch.stack([interaction, rating, total]).detach())
    if not history:
        raise ValueError("there is no batch to train on")
    means = torch.stack(history).mean(dim=0)  # (number of batches, 3) -> (3,)
    return dict(zip(["interaction", "rating", "total"], means.tolist(), strict=True))
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 6: how good it is


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    """Problem 6. How high the items that users will rate stand in the lists that the scores make; 1 is best.

    `scores` (U, I) float, higher is better; `relevant` (U, I) bool: held-out interactions; `seen` (U, I) bool: those in
    training. A relevant item's rank is 1 + the number of items with a strictly higher score for this user, not counting
    the seen items (the other relevant ones do count). No item is both relevant and seen.
    Returns the mean of 1/rank over each user's relevant items, then the mean over the users that have any.
    Raises ValueError if no user has a relevant item.
    """
    ### BEGIN SOLUTION
    per_user = []
    for user_scores, user_relevant, user_seen in zip(scores, relevant, seen, strict=True):  # (I,) each
        if not user_relevant.any():
            continue
        wanted = user_scores[user_relevant]  # (R,)
        candidates = user_scores[~user_seen]  # (C,)
        ranks = 1 + (candidates[None, :] > wanted[:, None]).sum(dim=1)  # (R, C) -> (R,)
        per_user.append((1 / ranks.double()).mean())
    if not per_user:
        raise ValueError("no user has a relevant item")
    return torch.stack(per_user).mean().item()
    ### END SOLUTION


def mean_squared_error(predicted: Tensor, observed: Tensor) -> float:
    """Problem 6. The mean of (predicted - observed)^2 over all entries. Raises ValueError if the shapes differ."""
    ### BEGIN SOLUTION
    if predicted.shape != observed.shape:
        raise ValueError(f"shapes differ: {tuple(predicted.shape)} and {tuple(observed.shape)}")
    return ((predicted - observed) ** 2).mean().item()
    ### END SOLUTION
