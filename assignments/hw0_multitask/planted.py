"""Ratings with planted tastes: data of which we know whether two tasks have anything to share.

Users choose what to watch (task 1, interaction) and then rate it (task 2, rating). Every user u has an interest z_u and
every item i has a content v_i; what u chooses depends on <z_u, v_i>. How u *rates* depends on <z'_u, v'_i>, where

    z'_u = align * z_u + sqrt(1 - align^2) * (a fresh draw),    and v'_i from v_i in the same way.

With align = 1 people like what they choose, and whatever one task learns is true for the other. With align = 0 the two
tasks have nothing in common, except that they are about the same users and items. Nothing else changes between the two:
with the same seed the choices and the noise are the same, number by number.

Needs numpy only.
"""

# No "from __future__ import annotations": the file can then be loaded by its path alone.
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Interactions:
    """Who rated what, and how: row n says that user_ids[n] gave item_ids[n] the rating ratings[n]."""

    user_ids: np.ndarray  # (N,) int64
    item_ids: np.ndarray  # (N,) int64
    ratings: np.ndarray  # (N,) float32, 0.5, 1.0, ..., 5.0

    def __len__(self) -> int:
        return len(self.user_ids)


@dataclass(frozen=True, eq=False)
class Ratings:
    """Interactions split into a training and a test part. No pair (user, item) is in both."""

    num_users: int
    num_items: int
    train: Interactions
    test: Interactions
    expected: np.ndarray | None = None  # (U, I) float32: planted ratings before noise; real data have none

    def seen(self) -> np.ndarray:
        """(U, I) bool: the user rated the item in training."""
        return self._table(self.train)

    def relevant(self) -> np.ndarray:
        """(U, I) bool: the user rated the item in the test part."""
        return self._table(self.test)

    def _table(self, part: Interactions) -> np.ndarray:
        table = np.zeros((self.num_users, self.num_items), dtype=bool)
        table[part.user_ids, part.item_ids] = True
        return table


def planted_ratings(
    num_users: int = 1000,
    num_items: int = 600,
    interactions_per_user: int = 20,
    align: float = 1.0,
    seed: int = 0,
    *,
    held_out: int = 1,
    rank: int = 4,
    interest: float = 2.0,
    taste: float = 1.0,
    popularity: float = 0.5,
    user_bias: float = 0.25,
    item_bias: float = 0.25,
    noise: float = 0.25,
) -> Ratings:
    """Draw a world of users and items; the same arguments give the same ratings.

    align: 1 = one set of tastes for both tasks, 0 = two unrelated ones; anything between is allowed.
    held_out: how many of each user's interactions, drawn at random, make the test part.
    rank: the length of z_u and v_i. interest, taste: how strongly they act on the choice and on the rating.
    popularity, user_bias, item_bias, noise: standard deviations.
    """
    if not 0 <= align <= 1:
        raise ValueError(f"align must lie between 0 and 1, not {align}")
    if not 0 < held_out < interactions_per_user <= num_items:
        raise ValueError(
            f"need 0 < held_out < interactions_per_user <= num_items, "
            f"not held_out={held_out}, interactions_per_user={interactions_per_user}, num_items={num_items}"
        )
    U, I, K = num_users, num_items, interactions_per_user  # noqa: E741 - the letters of the shapes below
    rng = np.random.default_rng(seed)

    # What people choose: K items each, without replacement, with probabilities softmax(logits). (Adding Gumbel noise to
    # the logits and keeping the K largest draws exactly that.)
    z, v = rng.normal(size=(U, rank)), rng.normal(size=(I, rank))
    logits = interest * z @ v.T / np.sqrt(rank) + popularity * rng.normal(size=I)  # (U, I)
    keys = logits + rng.gumbel(size=(U, I))
    chosen = np.argpartition(-keys, K - 1, axis=1)[:, :K]  # (U, K), in an order that may differ between machines:
    chosen = rng.permuted(np.sort(chosen, axis=1), axis=1)  # so sort, then shuffle. The first held_out are for the test

    # How they rate. Everything is drawn whatever align is, so that two worlds of one seed differ in align only.
    z_rating = align * z + np.sqrt(1 - align**2) * rng.normal(size=z.shape)
    v_rating = align * v + np.sqrt(1 - align**2) * rng.normal(size=v.shape)
    expected = (
        3.3
        + user_bias * rng.normal(size=(U, 1))
        + item_bias * rng.normal(size=I)
        + taste * z_rating @ v_rating.T / np.sqrt(rank)
    )  # (U, I)
    users = np.repeat(np.arange(U)[:, None], K, axis=1)  # (U, K)
    noisy = expected[users, chosen] + noise * rng.normal(size=(U, K))
    ratings = np.clip(np.round(2 * noisy) / 2, 0.5, 5.0).astype(np.float32)  # (U, K), halves

    def part(columns: slice) -> Interactions:
        return Interactions(
            user_ids=users[:, columns].ravel(), item_ids=chosen[:, columns].ravel(), ratings=ratings[:, columns].ravel()
        )

    return Ratings(
        num_users=U,
        num_items=I,
        train=part(slice(held_out, None)),
        test=part(slice(None, held_out)),
        expected=np.clip(expected, 0.5, 5.0).astype(np.float32),
    )
