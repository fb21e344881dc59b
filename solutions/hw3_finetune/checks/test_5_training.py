"""Problem 5: training and evaluation."""

import itertools
from typing import Any

import numpy as np
import pytest

from grader.judge import Ask, check_that, close, problem

CHOICE = (
    "test_modes_choose_their_two_blocks",
    "test_all_is_every_parameter_once",
    "test_what_is_returned_requires_gradients",
)
HEAD = "test_a_new_head_is_always_trained"
UPDATES = "test_each_batch_makes_one_update"
ONE_BATCH = "test_micro_batches_make_the_update_of_one_large_batch"
NO_STEP = 1e-10  # a learning rate with which parameters stay where they are, so that gradients tell of nothing else
WIDTHS = (5, 6, 4, 6, 3)  # of the input and after each of four blocks


@pytest.fixture
def matrices(ask: Ask) -> dict[str, np.ndarray]:
    """The matrices of a network of four blocks and a head."""
    pairs = itertools.pairwise(WIDTHS)
    found = {f"block {k}": ask.rng.normal(size=(out, into)) / into**0.5 for k, (into, out) in enumerate(pairs)}
    return {**found, "head": ask.rng.normal(size=WIDTHS[-1])}


@pytest.fixture
def batches(ask: Ask) -> Any:
    """A function that draws batches (x, y) with so many rows each."""

    def drawn(*sizes: int) -> list[list[np.ndarray]]:
        return [[ask.rng.normal(size=(n, WIDTHS[0])), ask.rng.normal(size=n)] for n in sizes]

    return drawn


def joined(some: list[list[np.ndarray]]) -> list[np.ndarray]:
    return [np.concatenate(parts) for parts in zip(*some, strict=True)]


@problem("5", points="1/2", needs=CHOICE)
def test_each_batch_makes_one_update(ask: Ask, matrices: Any, batches: Any) -> None:
    """Without accumulation each batch makes one update, by the gradient of its own mean loss alone."""
    hint = "Every batch has an update of its own: clear, compute its mean loss, backward, step."
    answer = ask("fine_tune", matrices=matrices, batches=batches(4, 3, 5, 2), learning_rate=NO_STEP)
    answer.same_as_reference(only="gradients", atol=1e-7, hint=hint)


@problem("5", points="1/2", needs=[UPDATES])
def test_updates_are_those_of_adamw(ask: Ask, matrices: Any, batches: Any) -> None:
    """One AdamW makes all updates, with lr=learning_rate and weight_decay=0; without options, with the defaults."""
    hint = "One AdamW over all updates, with lr=learning_rate and weight_decay=0. Defaults: all, 1e-3, 1."
    for options in ({"learning_rate": 0.03}, {"defaults": True}):
        answer = ask("fine_tune", matrices=matrices, batches=batches(4, 3, 5, 2), **options)
        answer.same_as_reference(only=["matrices", "optimiser"], atol=1e-7, hint=hint)


@problem("5", points=1, needs=[UPDATES])
def test_micro_batches_make_the_update_of_one_large_batch(ask: Ask, matrices: Any, batches: Any) -> None:
    """With accumulation g, each g micro-batches of equal size make the update of one batch that holds all of them."""
    hint = "For g micro-batches there is one zero_grad and one step. With equal sizes each has the weight 1 / g."
    some = batches(3, 3, 3, 3, 3, 3)
    answer = ask("fine_tune", matrices=matrices, batches=some, learning_rate=NO_STEP, accumulation=3)
    answer.same_as_reference(only="gradients", atol=1e-7, hint=hint)
    large = ask.reference(
        "fine_tune", matrices=matrices, batches=[joined(some[:3]), joined(some[3:])], learning_rate=NO_STEP
    )
    close(answer["gradients"], large["gradients"], atol=1e-7, what="the gradient of each update", hint=hint)


@problem("5", points=1, needs=[ONE_BATCH])
def test_micro_batches_count_by_their_size(ask: Ask, matrices: Any, batches: Any) -> None:
    """Micro-batches of unequal size count by the number of things in them, so the update is still the large batch's."""
    hint = "The mean of the g losses is the large batch's loss only if all n_i are equal. Weigh by n_i / sum of n."
    some = batches(1, 6, 2, 5, 1, 3)
    answer = ask("fine_tune", matrices=matrices, batches=some, learning_rate=NO_STEP, accumulation=3)
    answer.same_as_reference(only="gradients", atol=1e-7, hint=hint)


@problem("5", points="1/2", needs=[ONE_BATCH])
def test_what_is_left_over_makes_a_last_update(ask: Ask, matrices: Any, batches: Any) -> None:
    """Micro-batches that are left over at the end make a smaller last update, and none is left out or used twice."""
    hint = "After the loop, look whether there are gradients that no step has used yet."
    for sizes in ((2, 2, 2, 2, 2), (4, 4), (1, 1, 1, 1)):
        answer = ask("fine_tune", matrices=matrices, batches=batches(*sizes), learning_rate=NO_STEP, accumulation=3)
        answer.same_as_reference(only="gradients", atol=1e-7, hint=hint)


@problem("5", points="1/2", needs=[ONE_BATCH])
def test_losses_are_those_of_the_updates(ask: Ask, matrices: Any, batches: Any) -> None:
    """It returns one loss for each update: that of the large batch, as it was before the update."""
    hint = "sum of n_i loss_i / sum of n_i, from before the update, once per update and not once per micro-batch."
    # With a large step, only the first loss is the same for all optimisers; it shows when it was measured.
    for sizes, accumulation, rate in (((3, 1, 2), 1, NO_STEP), ((1, 4, 2, 2, 3), 2, NO_STEP), ((1, 4), 2, 0.03)):
        asked = {"batches": batches(*sizes), "learning_rate": rate, "accumulation": accumulation}
        answer = ask("fine_tune", matrices=matrices, **asked)
        answer.same_as_reference(only="losses", atol=1e-7, hint=hint)


@problem("5", points="1/2", needs=[UPDATES, HEAD])
def test_only_what_the_mode_names_is_trained(ask: Ask, matrices: Any, batches: Any) -> None:
    """Only the parameters of the mode move and are held by the optimiser; one may be without a gradient."""
    hint = "Give the optimiser what parameters_to_fine_tune(model, mode) returns, and nothing else."
    for mode, moving in (("middle", ("block 1", "block 2", "head")), ("last", ("block 2", "block 3", "head"))):
        answer = ask("fine_tune", matrices=matrices, batches=batches(3, 3), mode=mode, learning_rate=0.03)
        answer.same_as_reference(only="held by the optimiser", hint=hint)
        moved = tuple(name for name in matrices if not np.array_equal(matrices[name], answer["matrices"][name]))
        check_that(moved == moving, came=f"{mode}: {moved}", expected=f"{moving}", hint=hint, like=[mode, moved])
    hint = "Where nothing of the loss leads to a parameter, its .grad stays None. Fill in no zeros."
    answer = ask("fine_tune", matrices=matrices, batches=batches(3, 3), unused=True)
    updates = len(answer["gradients"])
    check_that(updates == 2, came=f"{updates} updates", expected="2", hint=hint, like=updates)


@problem("5", points="1/2", needs=[ONE_BATCH])
def test_memory_is_needed_for_one_micro_batch(ask: Ask, matrices: Any, batches: Any) -> None:
    """Each backward pass comes before the next forward pass, and batches are taken when they are needed."""
    hint = (
        "One forward and one backward() for each micro-batch, before the next: .grad adds up by itself. Losses that "
        "are added first"
    )
    hint += " keep g graphs in memory. No list(batches): there may be more of them than fit into memory."
    answer = ask("fine_tune", matrices=matrices, batches=batches(2, 2, 2, 2, 2), accumulation=2)
    events = answer["events"]
    passes = [event for event in events if event != "take"]
    expected = [*["forward", "backward"] * 2, "update"] * 2 + ["forward", "backward", "update"]
    check_that(passes == expected, came=", ".join(passes), expected=", ".join(expected), hint=hint, like=passes)
    updates = [at for at, event in enumerate(events) if event == "update"]
    early = [events[:at].count("take") for at in updates]
    check_that(
        all(taken <= limit for taken, limit in zip(early, (2, 4, 5), strict=True)),
        came=f"{early} micro-batches were taken before update 1, 2, 3",
        expected="[2, 4, 5]",
        hint=hint,
        like=early,
    )


@problem("5", points="1/2", needs=CHOICE)
def test_training_is_in_training_mode(ask: Ask, matrices: Any, batches: Any) -> None:
    """The model is in training mode meanwhile, and in its former mode afterwards; bad arguments are ValueErrors."""
    hint = (
        "model.train() before the first batch; remember model.training, and set it again at the end. One forward pass "
        "for each batch."
    )
    for training in (True, False):
        answer = ask("fine_tune", matrices=matrices, batches=batches(2, 2), training=training)
        answer.same_as_reference(only="use of the model", hint=hint)
    hint = "accumulation is at least 1, and no batch means no loss to return."
    for accumulation in (-1, 0):
        asked = {"matrices": matrices, "batches": batches(2), "accumulation": accumulation}
        ask.raises("ValueError", "fine_tune", **asked, hint=hint)
    ask.raises("ValueError", "fine_tune", matrices=matrices, batches=[], hint=hint)


@pytest.fixture
def answers(ask: Ask) -> Any:
    """A function that draws batches (x, sign) with so many rows each, of which about half are right by chance."""

    def drawn(*sizes: int) -> list[list[np.ndarray]]:
        return [
            [ask.rng.normal(size=(n, WIDTHS[0])), np.where(ask.rng.random(n) < share, 1.0, -1.0)]
            for n, share in zip(sizes, (0.1, 0.9, 0.5, 0.2, 0.8), strict=False)
        ]

    return drawn


@problem("5", points="1/2")
def test_accuracy_is_over_all_answers_together(ask: Ask, matrices: Any, answers: Any) -> None:
    """A batch counts as much as it has answers; if there is none at all, that is a ValueError."""
    hint = (
        "Add up share * n, and divide by all n together, as a number: a small last batch weighs less than the others, "
        "and one without answers nothing."
    )
    for sizes in ((9, 7, 1), (2, 8, 3, 1), (6, 0, 3)):
        answer = ask("evaluate", matrices=matrices, batches=answers(*sizes))
        answer.same_as_reference(only="accuracy", atol=1e-9, hint=hint)
    for nothing in ((), (0,), (0, 0)):
        asked = {"matrices": matrices, "batches": answers(*nothing)}
        ask.raises("ValueError", "evaluate", **asked, hint="0 of 0 is no accuracy.")


@problem("5", points="1/2")
def test_evaluation_is_in_evaluation_mode(ask: Ask, matrices: Any, answers: Any) -> None:
    """The model is in evaluation mode meanwhile and tracks no gradients; afterwards all is as it was."""
    hint = (
        "model.eval() switches dropout off, and `with torch.inference_mode():` the graph: two different things, both "
        "needed. Afterwards the mode and requires_grad are as before."
    )
    for training in (True, False):
        answer = ask("evaluate", matrices=matrices, batches=answers(3, 4), training=training)
        answer.same_as_reference(only="use of the model", hint=hint)
