"""What a recommender must beat: predictions that know users and items by their averages only. Needs numpy only."""

import numpy as np
from planted import Ratings


def constant(data: Ratings) -> np.ndarray:
    """The same rating for all: the mean of the training ratings. Returns predicted ratings (U, I) float32."""
    return np.full((data.num_users, data.num_items), data.train.ratings.mean(), dtype=np.float32)


def item_means(data: Ratings) -> np.ndarray:
    """Each item's mean training rating, or the overall mean for an item that nobody rated. (U, I) float32."""
    train, counts = data.train, _counts(data.train.item_ids, data.num_items)
    sums = np.bincount(train.item_ids, weights=train.ratings, minlength=data.num_items)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), train.ratings.mean())  # (I,)
    return np.tile(means.astype(np.float32), (data.num_users, 1))


def user_and_item_biases(data: Ratings, shrinkage: float = 5.0, sweeps: int = 20) -> np.ndarray:
    """mean + b_u + b_i, fitted by ridge regression. (U, I) float32.

    With b_i fixed the best b_u is a shrunken mean of what is left, and the other way round: a few sweeps converge.
    `shrinkage` counts as that many ratings of exactly average height.
    """
    train, mean = data.train, data.train.ratings.mean()
    b_u, b_i = np.zeros(data.num_users), np.zeros(data.num_items)
    n_u, n_i = _counts(train.user_ids, data.num_users), _counts(train.item_ids, data.num_items)
    for _ in range(sweeps):
        left = train.ratings - mean - b_u[train.user_ids]
        b_i = np.bincount(train.item_ids, weights=left, minlength=data.num_items) / (n_i + shrinkage)
        left = train.ratings - mean - b_i[train.item_ids]
        b_u = np.bincount(train.user_ids, weights=left, minlength=data.num_users) / (n_u + shrinkage)
    return (mean + b_u[:, None] + b_i).astype(np.float32)


def popularity(data: Ratings) -> np.ndarray:
    """Scores (U, I) float64 that rank items by how often they were rated in training, alike for every user."""
    counts = _counts(data.train.item_ids, data.num_items)
    ties = np.random.default_rng(0).random((data.num_users, data.num_items))  # less than one rating: breaks ties only
    return counts + ties


def _counts(ids: np.ndarray, length: int) -> np.ndarray:
    return np.bincount(ids, minlength=length)
