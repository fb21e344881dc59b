"""Problem 1: union of data."""

from collections import Counter
from itertools import permutations
from statistics import NormalDist

import numpy as np

from grader.judge import Ask, check_that, problem

FALSE_ALARM = 1e-9  # probability of failing a correct shuffle


def numbered(*sizes: int) -> list[list[int]]:
    """Datasets of these sizes whose examples are 0, 1, 2, ... through all of them."""
    ends = np.cumsum(sizes)
    return [list(range(end - size, end)) for size, end in zip(sizes, ends.tolist(), strict=True)]


def pairs(datasets: list[list[int]]) -> list[list[int]]:
    """All [task id, example], sorted."""
    return sorted([task_id, example] for task_id, dataset in enumerate(datasets) for example in dataset)


def chi_square_bound(degrees: int) -> float:
    """What a chi-square variable exceeds with probability FALSE_ALARM (Wilson and Hilferty's approximation)."""
    z = NormalDist().inv_cdf(1 - FALSE_ALARM)
    return degrees * (1 - 2 / (9 * degrees) + z * (2 / (9 * degrees)) ** 0.5) ** 3


@problem("1", points=1)
def test_union_has_every_example_of_every_task_once(ask: Ask) -> None:
    """One epoch of the union has every example of every task exactly once, with the id of its task."""
    datasets = numbered(*ask.rng.permutation([3, 8, 1, 12]).tolist())
    (epoch,) = ask("union_epochs", datasets=datasets, seed=ask.seed).value
    check_that(
        sorted(epoch) == pairs(datasets),
        came=str(sorted(epoch)),
        expected=str(pairs(datasets)),
        hint="Pairs are (task_id, example), in this order. Tasks have unequal sizes: go through all of each. Task "
        "ids count from 0 in the order of `datasets`.",
    )


@problem("1", points="1/2")
def test_union_passes_examples_on_unchanged(ask: Ask) -> None:
    """An example may be anything, also equal to another one, and comes as it is; an empty task keeps its number."""
    texts, rows = [("a", 1), ("b", 2), ("c", 3)], ask.rng.normal(size=(2, 3))
    (epoch,) = ask("union_epochs", datasets=[texts, rows, [7]], seed=ask.seed).value
    came = sorted((task_id, str(example)) for task_id, example in epoch)
    expected = sorted([(0, str(text)) for text in texts] + [(1, str(row)) for row in rows] + [(2, "7")])
    check_that(
        came == expected, came=str(came), expected=str(expected), hint="Yield the pair (task_id, example) itself."
    )
    numbers = [[0, 1, 0], [2], [], [0, 1, 0], [3, 4]]  # one thing twice in a task, and in two tasks that are equal
    answer, expected = ask("union_of_things", numbers=numbers, seed=ask.seed), pairs(numbers)
    came = sorted(answer["pairs"])
    hint = (
        "Each place in each data set counts, also where two of them hold one and the same example. Yield what "
        "dataset[n] is, not a copy. Two data sets may be equal: count them, do not look them up."
    )
    check_that(came == expected, came=str(came), expected=str(expected), hint=hint)
    types = sorted({type(task_id).__name__ for task_id, _ in answer["pairs"]})
    hint = "A task id is an int: a tensor finds nothing in a dict."
    check_that(types == ["int"], came=str(types), expected="['int']", hint=hint)
    hint = "The data sets belong to the caller, who goes through them again."
    lengths = [len(dataset) for dataset in numbers]
    check_that(answer["lengths"] == lengths, came=str(answer["lengths"]), expected=str(lengths), hint=hint)


@problem("1", points=1)
def test_union_is_shuffled_uniformly(ask: Ask) -> None:
    """All orders of the union are equally likely: the shuffle goes across tasks, not only within them."""
    # Found with a probability of at least 0.999 (tests/hw0/test_power.py): swapping each place with any place, or only
    # with those before it, and sorting by random integers below 16.
    epochs, datasets = 6000, numbered(2, 1, 1)
    orders = Counter(map(tuple, ask("union_orders", datasets=datasets, seed=ask.seed, epochs=epochs).value.tolist()))
    expected = epochs / 24
    legal = [orders[order] for order in permutations(range(4))]
    distance = sum((count - expected) ** 2 / expected for count in legal)
    # Which orders come how often says what was done; where it is always the same one, which may be a matter of chance.
    shares = np.array(legal) / epochs
    check_that(
        distance < chi_square_bound(23),
        came=f"chi-square {distance:.0f} for the 24 orders of 4 examples",
        expected=f"less than {chi_square_bound(23):.0f}",
        hint="Put all pairs (task_id, example) into one list and shuffle that list once.",
        like=[sum(count > 0 for count in legal), np.sort(shares) if shares.max() == 1 else shares],
        atol=0.03,
    )


@problem("1", points=1)
def test_union_draws_from_the_generator_only(ask: Ask) -> None:
    """The generator's state alone decides the order: same state, same order; next epoch, another one."""
    datasets = numbered(9, 14, 6)
    first, second = ask("union_epochs", datasets=datasets, seed=ask.seed, epochs=2, global_seed=1).value
    again, _ = ask("union_epochs", datasets=datasets, seed=ask.seed, epochs=2, global_seed=2).value
    other, _ = ask("union_epochs", datasets=datasets, seed=ask.seed + 1, epochs=2, global_seed=1).value
    hint = "Pass the generator to torch.randperm(n, generator=generator), and do not seed it yourself."
    check_that(first == again, came="another order", expected="the same order for the same generator state", hint=hint)
    hint = "Every epoch draws a new order, and what it draws depends on the generator's state."
    like = ["the same order", first == pairs(datasets)]
    expected = "another order for another generator"
    check_that(first != other, came="the same order", expected=expected, hint=hint, like=like)
    expected = "another order in the next epoch"
    check_that(first != second, came="the same order", expected=expected, hint=hint, like=like)


@problem("1", points=1)
def test_batches_hold_the_whole_epoch(ask: Ask) -> None:
    """The batches are as long as asked for, the last one holds what is left, and together they are the union."""
    datasets = numbered(*ask.rng.permutation([4, 11, 8]).tolist())
    batches = ask("joint_batches", datasets=datasets, batch_size=5, seed=ask.seed).value
    lengths, together = [len(batch) for batch in batches], sorted(pair for batch in batches for pair in batch)
    hint = "Every batch but the last is full; the last one holds what is left over, so that nothing is dropped."
    if not any(lengths):
        hint = "A list that was yielded must not change later: begin a new one for each batch."
    like = sorted(lengths)
    check_that(lengths == [5, 5, 5, 5, 3], came=str(lengths), expected="[5, 5, 5, 5, 3]", hint=hint, like=like)
    hint = "Together they hold what `union` yields: are its pairs right?"
    check_that(together == pairs(datasets), came=str(together), expected=str(pairs(datasets)), hint=hint)


@problem("1", points="1/2")
def test_batches_mix_the_tasks_and_have_a_size(ask: Ask) -> None:
    """A batch is a list, a piece of the shuffled epoch; it may be of one example, a size below 1 is a ValueError."""
    batches = ask("joint_batches", datasets=numbered(20, 30, 25), batch_size=15, seed=ask.seed).value
    kinds = sorted({type(batch).__name__ for batch in batches})
    hint = "A batch is a list of pairs (task_id, example)."
    check_that(kinds == ["list"], came=str(kinds), expected="['list']", hint=hint)
    tasks = [len({int(task_id) for task_id, _ in batch}) for batch in batches]
    # Under a uniform shuffle the chance that any of the five batches misses two tasks is below 1e-9.
    like = "one task each" if max(tasks) == 1 else "some of one task"
    came, hint = f"tasks per batch: {tasks}", "Batch the shuffled union."
    check_that(min(tasks) > 1, came=came, expected="2 or 3", hint=hint, like=like)
    ids = [[int(task_id) for task_id, _ in batch] for batch in batches]
    mixed = any(batch not in (sorted(batch), sorted(batch, reverse=True)) for batch in ids)
    hint = "Within a batch, too, the order is the one that `union` drew."
    check_that(mixed, came="each batch in the order of its tasks", expected="a random order", hint=hint, like="sorted")
    singles = ask("joint_batches", datasets=numbered(3, 2), batch_size=1, seed=ask.seed).value
    lengths = [len(batch) for batch in singles]
    check_that(lengths == [1] * 5, came=str(lengths), expected="[1, 1, 1, 1, 1]", hint="Five pairs make five batches.")
    for size in (0, -1):
        ask.raises("ValueError", "joint_batches", datasets=numbered(3, 2), batch_size=size, seed=ask.seed)
