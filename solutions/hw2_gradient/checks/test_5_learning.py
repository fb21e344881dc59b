"""Problem 5: a start is learned across tasks from which a few steps suffice."""

from typing import Any

import numpy as np

from grader.judge import Ask, Calibrated, Retest, check_that, problem

HIDDEN, STEPS, INNER_LR, BATCHES, TASKS, OUTER_LR = 24, 3, 0.4, 50, 3, 0.01
NEEDS = ["test_each_batch_makes_one_update"]


# A right solution passes an attempt in 19 of 20 cases or more, and the check itself in all but one of 10,000.
@problem("5", points=2, needs=NEEDS, retest=Retest(right=0.95, wrong=0.05, false_pass=0.06, attempts=8))
def test_meta_training_finds_a_start_that_adapts(
    ask: Ask, calibrated: Calibrated, world: Any, nearest_in_pixels: Any
) -> None:
    """Three steps from where your meta-training ends tell signs apart that it has never seen, under changing light."""
    start = {
        "weight_1": ask.rng.normal(size=(64, HIDDEN)) / 8,
        "bias_1": np.zeros(HIDDEN),
        "weight_2": np.zeros((HIDDEN, world.classes)),
        "bias_2": np.zeros(world.classes),
    }
    network = {"network": "two layers", "inner_lrs": {name: np.array(INNER_LR) for name in start}, "num_steps": STEPS}
    question = {**network, "parameters": start, "task_batches": world.batches(BATCHES, TASKS), "learned": False}
    learned = ask("meta_train", **question, outer_lr=OUTER_LR)["parameters"]
    came, expected = (
        {name: (value.shape, str(value.dtype)) for name, value in given.items()} for given in (learned, start)
    )
    check_that(came == expected, came=f"{came}", expected=f"{expected}", hint="Update the parameters in place.")
    unseen = world.tasks(60)
    accuracy, _ = ask.reference("meta_test", **network, parameters=learned, tasks=unseen)
    calibrated(
        "accuracy after adaptation",
        accuracy,
        within="0 to 1",
        baseline=nearest_in_pixels(unseen),
        hint="Watch the outer loss of tasks of your own: does it fall from batch to batch?",
    )
