"""Problem 6: metrics."""

import numpy as np

from grader.judge import Ask, close, problem

USERS, ITEMS = 6, 27
UNCHANGED = "What a function is given is the caller's. Operations whose names end in _, and +=, change it in place."


def distinct_scores(rng: np.random.Generator) -> np.ndarray:
    """(USERS, ITEMS) scores without ties, other in each row."""
    return rng.permuted(np.tile(np.linspace(-2.0, 3.0, ITEMS), (USERS, 1)), axis=1)


def chosen(rng: np.random.Generator, counts: list[int], allowed: np.ndarray) -> np.ndarray:
    """(USERS, ITEMS) bool: `counts[u]` of the items that user u is allowed."""
    table = np.zeros((USERS, ITEMS), dtype=bool)
    for row, count, possible in zip(table, counts, allowed, strict=True):
        row[rng.choice(np.flatnonzero(possible), size=count, replace=False)] = True
    return table


@problem("6", points=1)
def test_ranks_count_the_items_above(ask: Ask) -> None:
    """With one relevant item for each user: the mean of 1/rank, where the best rank is 1."""
    nothing = np.zeros((USERS, ITEMS), dtype=bool)
    scores = distinct_scores(ask.rng)
    relevant = chosen(ask.rng, [1] * USERS, ~nothing)
    relevant[0] = scores[0] == np.sort(scores[0])[0]  # one at the very end
    hint = "Rank 1 is the highest score of the user's row, and only strictly higher ones count."
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=nothing).same_as_reference(hint=hint)


@problem("6", points=1, needs=["test_ranks_count_the_items_above"])
def test_reciprocal_ranks_are_averaged_within_users_first(ask: Ask) -> None:
    """1/rank is averaged over each user's relevant items, then over users."""
    hint = (
        "First the mean of 1/rank over one user's relevant items, then the mean over users. The other relevant items "
        "count when they are above."
    )
    order = ask.rng.permutation(5)
    scores = np.array([[5.0, 4.0, 3.0, 2.0, 1.0]] * 3)[:, order]
    relevant = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 0, 0], [1, 0, 1, 1, 0]], dtype=bool)[
        :, order
    ]  # {1,4}, {2}, {1,3,4}
    nothing = np.zeros((3, 5), dtype=bool)
    pinned = ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=nothing)
    close(pinned.value, (5 / 8 + 1 / 2 + 19 / 36) / 3, atol=1e-6, hint=hint)
    nothing = np.zeros((USERS, ITEMS), dtype=bool)
    relevant = chosen(ask.rng, [1, 4, 2, 7, 3, 1], ~nothing)
    scores = distinct_scores(ask.rng)
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=nothing).same_as_reference(hint=hint)


@problem("6", points="1/2", needs=["test_ranks_count_the_items_above"])
def test_equal_scores_are_not_above_each_other(ask: Ask) -> None:
    """Equal scores share the better rank; scores that hardly differ do not."""
    scores = ask.rng.integers(5, size=(USERS, ITEMS)).astype(np.float64)  # five items or so tie
    seen = chosen(ask.rng, [0, 9, 3, 12, 5, 7], np.ones((USERS, ITEMS), dtype=bool))
    relevant = chosen(ask.rng, [1] * USERS, ~seen)
    hint = "1 + the number of items with a strictly higher score: of items that tie, none is above another."
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=seen).same_as_reference(hint=hint)
    close_by = 1 + 1e-12 * distinct_scores(ask.rng)
    hint = "Compare the scores as they are: not rounded, and in the dtype in which they come."
    ask("mean_reciprocal_rank", scores=close_by, relevant=relevant, seen=seen).same_as_reference(hint=hint)


@problem("6", points=1, needs=["test_ranks_count_the_items_above"])
def test_seen_items_are_left_out_of_the_ranking(ask: Ask) -> None:
    """Items that the user has seen in training take no place in the ranking, and nothing given is changed."""
    scores = distinct_scores(ask.rng)
    seen = scores > np.linspace(0, 2, USERS)[:, None]  # the best ones: the network was trained to score them high
    relevant = chosen(ask.rng, [1] * USERS, ~seen)
    hint = "Count only items outside `seen` that have a higher score."
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=seen).same_as_reference(hint=hint)
    low = {"scores": scores - 1e7, "relevant": relevant, "seen": seen}
    hint = "A score may be any number: what stands for a seen item must be below them all, such as minus infinity."
    ask("mean_reciprocal_rank", **low).same_as_reference(hint=hint)
    given = [scores, relevant, seen]
    ask("afterwards", function="mean_reciprocal_rank", arguments=given).same_as_reference(hint=UNCHANGED)


@problem("6", points="1/2", needs=["test_ranks_count_the_items_above"])
def test_users_without_relevant_items_are_left_out(ask: Ask) -> None:
    """A user without relevant items counts neither as 0 nor as 1; if there are only such users, ValueError."""
    scores, nothing = distinct_scores(ask.rng), np.zeros((USERS, ITEMS), dtype=bool)
    relevant = chosen(ask.rng, [1, 0, 1, 1, 0, 1], ~nothing)
    hint = "Leave these users out of the sum and of the number of users."
    ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=nothing).same_as_reference(hint=hint)
    ask.raises("ValueError", "mean_reciprocal_rank", scores=scores, relevant=nothing, seen=nothing)


@problem("6", points=1)
def test_mean_squared_error(ask: Ask) -> None:
    """The mean squared error is the mean of the squared differences over all entries, and nothing given is changed."""
    predicted, observed = ask.rng.normal(3, 1, size=(2, 17))
    hint = "Square first, then average; no root."
    ask("mean_squared_error", predicted=predicted, observed=observed).same_as_reference(hint=hint)
    predicted, observed = ask.rng.normal(0, 9, size=(2, 5, 7))  # of any shape, and far from all ratings
    hint = "The mean over all entries, whatever their values and however many dimensions they fill."
    ask("mean_squared_error", predicted=predicted, observed=observed).same_as_reference(hint=hint)
    hint = "Subtract in the dtype in which the numbers come: between 10000 and 10001 a float32 has few others."
    ask("mean_squared_error", predicted=predicted + 1e4, observed=observed + 1e4).same_as_reference(hint=hint)
    given = [predicted, observed]
    ask("afterwards", function="mean_squared_error", arguments=given).same_as_reference(hint=UNCHANGED)


@problem("6", points=1)
def test_mean_squared_error_refuses_to_broadcast(ask: Ask) -> None:
    """Predictions of another shape than the ratings are a ValueError, not a mean over B x B errors."""
    predicted, observed = ask.rng.normal(3, 1, size=(2, 9))
    hint = "Compare the shapes before you subtract: (B, 1) - (B,) is (B, B)."
    ask("mean_squared_error", predicted=predicted, observed=observed)  # or raising always would do
    ask.raises("ValueError", "mean_squared_error", predicted=predicted[:, None], observed=observed, hint=hint)
    ask.raises("ValueError", "mean_squared_error", predicted=predicted[:1], observed=observed, hint=hint)
    table = predicted.reshape(3, 3)
    ask.raises("ValueError", "mean_squared_error", predicted=table, observed=table[:, :1], hint=hint)
