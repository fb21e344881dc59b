"""Problem 6: metrics."""

import numpy as np

from grader.judge import Ask, close, problem

USERS, ITEMS = 6, 13


def distinct_scores(rng: np.random.Generator) -> np.ndarray:
    """(USERS, ITEMS) scores without ties, other in each row."""
    return rng.permuted(np.tile(np.linspace(-2.0, 3.0, ITEMS), (USERS, 1)), axis=1)


def chosen(rng: np.random.Generator, counts: list[int], allowed: np.ndarray) -> np.ndarray:
    """(USERS, ITEMS) bool: `counts[u]` of the items that user u is allowed."""
    table = np.zeros((USERS, ITEMS), dtype=bool)
    for row, count, possible in zip(table, counts, allowed, strict=True):
        row[rng.choice(np.flatnonzero(possible), size=count, replace=False)] = True
    return table


@problem("6", points=2)
def test_reciprocal_ranks_are_averaged_within_users_first(ask: Ask) -> None:
    """1/rank is averaged over each user's relevant items, then over users; the best rank is 1."""
    hint = (
        "Rank 1 is the highest score, and only strictly higher ones count (>, not >=). First the mean over one user's "
        "relevant items, then the mean over users."
    )
    order = ask.rng.permutation(5)
    scores = np.array([[5.0, 4.0, 3.0, 2.0, 1.0]] * 3)[:, order]
    relevant = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 0, 0], [1, 0, 1, 1, 0]], dtype=bool)[
        :, order
    ]  # {1,4}, {2}, {1,3,4}
    pinned = ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=np.zeros((3, 5), dtype=bool))
    close(pinned.value, (5 / 8 + 1 / 2 + 19 / 36) / 3, atol=1e-6, hint=hint)
    nothing = np.zeros((USERS, ITEMS), dtype=bool)
    relevant = chosen(ask.rng, [1, 4, 2, 7, 3, 1], ~nothing)
    scores = distinct_scores(ask.rng)
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=nothing).same_as_reference(hint=hint)


@problem("6", points=1, needs=["test_reciprocal_ranks_are_averaged_within_users_first"])
def test_seen_items_are_left_out_of_the_ranking(ask: Ask) -> None:
    """Items that the user has seen in training take no place in the ranking."""
    scores = distinct_scores(ask.rng)
    seen = scores > np.linspace(0, 2, USERS)[:, None]  # the best ones: the network was trained to score them high
    relevant = chosen(ask.rng, [2, 1, 4, 3, 2, 5], ~seen)
    hint = "Count only items outside `seen` that have a higher score. The other relevant items do count."
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=seen).same_as_reference(hint=hint)


@problem("6", points=1, needs=["test_reciprocal_ranks_are_averaged_within_users_first"])
def test_users_without_relevant_items_are_left_out(ask: Ask) -> None:
    """A user without relevant items counts neither as 0 nor as 1; if there are only such users, ValueError."""
    scores, nothing = distinct_scores(ask.rng), np.zeros((USERS, ITEMS), dtype=bool)
    relevant = chosen(ask.rng, [2, 0, 4, 1, 0, 3], ~nothing)
    hint = "Leave these users out of the sum and of the number of users."
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=nothing).same_as_reference(hint=hint)
    ask.raises("ValueError", "mean_reciprocal_rank", scores=scores, relevant=nothing, seen=nothing)


@problem("6", points=1)
def test_mean_squared_error(ask: Ask) -> None:
    """The mean squared error is the mean of the squared differences."""
    predicted, observed = ask.rng.normal(3, 1, size=(2, 17))
    hint = "Square first, then average; no root."
    ask("mean_squared_error", predicted=predicted, observed=observed).same_as_reference(hint=hint)


@problem("6", points=1)
def test_mean_squared_error_refuses_to_broadcast(ask: Ask) -> None:
    """Predictions of another shape than the ratings are a ValueError, not a mean over B x B errors."""
    predicted, observed = ask.rng.normal(3, 1, size=(2, 9))
    hint = "Compare the shapes before you subtract: (B, 1) - (B,) is (B, B)."
    ask("mean_squared_error", predicted=predicted, observed=observed)  # or raising always would do
    ask.raises("ValueError", "mean_squared_error", predicted=predicted[:, None], observed=observed, hint=hint)
    ask.raises("ValueError", "mean_squared_error", predicted=predicted[:1], observed=observed, hint=hint)
