"""Problem 1: an embedding is learned across tasks."""

from typing import Any

import numpy as np

from grader.judge import Ask, Calibrated, Retest, check_that, problem

WIDTH, BATCHES, TASKS, LEARNING_RATE = 12, 30, 3, 0.03
NEEDS = [
    "test_the_loss_is_the_mean_over_tasks_of_the_mean_over_queries",
    "test_the_loss_trains_the_encoder_through_the_prototypes",
]


# A right solution passes an attempt in 19 of 20 cases or more, and the check itself in all but one of 10,000.
@problem("1", points=1, needs=NEEDS, retest=Retest(right=0.95, wrong=0.05, false_pass=0.06, attempts=8))
def test_prototypes_learn_what_to_look_at(ask: Ask, calibrated: Calibrated, world: Any, nearest_in_pixels: Any) -> None:
    """An encoder trained with your step tells signs apart that it has never seen, under changing light."""
    start = ask.rng.normal(size=(64, WIDTH)) / 8
    batches = world.batches(BATCHES, TASKS)
    weights = ask("fit_protonet", task_batches=batches, weights=start, learning_rate=LEARNING_RATE).value
    check_that(np.shape(weights) == start.shape, came=f"{np.shape(weights)}", expected=f"{start.shape}")
    unseen = world.tasks(60)
    encoded = [(support @ weights, labels, query @ weights, own) for support, labels, query, own in unseen]
    calibrated(
        "accuracy by prototypes",
        float(np.mean([nearest_prototype(*task) for task in encoded])),
        within="0 to 1",
        baseline=nearest_in_pixels(unseen),
        hint="Train with your step on tasks of your own and watch the loss: does it fall?",
    )


def nearest_prototype(support: np.ndarray, labels: np.ndarray, query: np.ndarray, own: np.ndarray) -> float:
    """The share of queries that lie nearest to the mean of their own class."""
    means = np.stack([support[labels == n].mean(axis=0) for n in range(labels.max() + 1)])
    distances = ((query[:, None] - means) ** 2).sum(axis=2)
    return float((distances.argmin(axis=1) == own).mean())
