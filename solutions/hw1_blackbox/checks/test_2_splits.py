"""Problem 2: classes for training, validation and test."""

from collections import Counter
from itertools import permutations
from typing import Any

import numpy as np

from grader.judge import Ask, check_that, problem

NAMES = [f"Alphabet{a}/character{c:02}" for a in "ABC" for c in range(1, 7)]  # 18 of them
NUMBERS = [2**53 + 1, 2**53, 0.5, 7, -3, 2**24 + 1]  # no one dtype holds them all
PAIRS = tuple(("Alphabet", number) for number in range(6))


@problem("2", points="3/2")
def test_parts_are_disjoint(ask: Ask) -> None:
    """No class is in two parts, or in one part twice, and all of them are classes that were given."""
    hint = (
        "The parts hold entries of `classes`. Shuffle them once and cut the list: a second draw may give a class again."
    )
    for classes, sizes in ((NAMES, [9, 4, 5]), (NUMBERS, (3, 3)), (PAIRS, [1, 2, 2])):
        (parts,) = ask("splits", classes=classes, sizes=sizes, seed=ask.seed).value
        drawn = [name for part in parts for name in part]
        check_that(bool(drawn), came="no class", expected=f"{sum(sizes)} of the classes", hint=hint)
        twice = any(name in drawn[:place] for place, name in enumerate(drawn))
        check_that(not twice, came="a class twice", expected="each class once at most", hint=hint)
        given = [(type(name), name) for name in classes]
        known = all((type(name), name) in given for name in drawn)
        check_that(known, came="something else", expected="entries of `classes`", hint=hint)


@problem("2", points=1)
def test_parts_have_their_sizes(ask: Ask) -> None:
    """There is one list for each size, in this order, with exactly that many classes; others are in no part."""
    hint = "Sizes are numbers of classes; there may be any number of parts, and classes may be left over."
    for sizes in ([9, 4, 5], [3, 7, 2, 4], [11]):
        (parts,) = ask("splits", classes=NAMES, sizes=sizes, seed=ask.seed).value
        kinds = sorted({type(each).__name__ for each in (parts, *parts)})
        check_that(kinds == ["list"], came=" and ".join(kinds), expected="a list of lists", hint="Return lists.")
        lengths = [len(part) for part in parts]
        check_that(lengths == sizes, came=str(lengths), expected=str(sizes), hint=hint)


@problem("2", points="1/2")
def test_every_split_is_equally_likely(ask: Ask, uniform: Any) -> None:
    """Any class can be in any part, and all splits are equally likely."""
    # Must catch a shuffle that swaps each place with any place, not only with one that is left: power 0.9997 (exact).
    outcomes = ask("splits", classes=[10, 20, 30, 40], sizes=[1, 1, 1], seed=ask.seed, count=4800).value
    came = Counter(tuple(part[0] for part in parts) for parts in outcomes if [len(part) for part in parts] == [1, 1, 1])
    legal = [*permutations((10, 20, 30, 40), 3)]
    check_that(sum(came.values()) == 4800, came="parts of other sizes", expected="three parts of 1 class")
    hint = "torch.randperm(len(classes), generator=generator) gives every order with the same chance."
    counts = np.array([came[outcome] for outcome in legal])
    never = counts == 0  # of a right solution none: each is expected 200 times
    missing = f"{np.count_nonzero(never)} of the 24 splits of 4 classes never come"
    check_that(not never.any(), came=missing, expected="all of them", hint=hint, like=never)
    uniform(counts, "the 24 splits of 4 classes into 1, 1 and 1", hint)


@problem("2", points="1/2")
def test_splits_come_from_the_generator_only(ask: Ask) -> None:
    """The generator's state alone decides the split, and the caller's lists stay as they were."""
    question = {"classes": NAMES, "sizes": [9, 4, 5]}
    first, second = ask("splits", **question, seed=ask.seed, count=2, global_seed=1).value
    again, _ = ask("splits", **question, seed=ask.seed, count=2, global_seed=2).value
    (other,) = ask("splits", **question, seed=ask.seed + 1).value
    hint = (
        "Shuffle with a torch function that draws. Give it the generator, and do not seed that yourself. The order of "
        "a set of names is another one each time that Python starts."
    )
    check_that(first == again, came="another split", expected="the same one for the same generator state", hint=hint)
    as_given = [name for part in first for name in part] == NAMES
    like = ["the same split", as_given]
    check_that(
        first != other, came="the same split", expected="another one for another generator", hint=hint, like=like
    )
    check_that(first != second, came="the same split", expected="another one in the next call", hint=hint, like=like)
    after = ask("left_by_a_split", **question, seed=ask.seed)
    hint = "Shuffle a copy, or indices."
    kept = after["classes"] == NAMES and after["sizes"] == [9, 4, 5]
    check_that(kept, came="another list", expected="the caller's lists, untouched", hint=hint)
    same = after["other numbers"] == ask("other_numbers", seed=ask.seed).value
    hint = "Seed nothing, and give the generator to every torch function that draws."
    check_that(same, came="other random numbers elsewhere", expected="those that come without a split", hint=hint)


@problem("2", points="1/2")
def test_impossible_splits_are_refused(ask: Ask) -> None:
    """More classes than there are, and a negative size, are ValueErrors; a size may be 0."""
    for sizes in ([12, 0, 6], [0, 18, 0]):
        (parts,) = ask("splits", classes=NAMES, sizes=sizes, seed=ask.seed).value
        lengths = [len(part) for part in parts]
        check_that(lengths == sizes, came=str(lengths), expected=str(sizes), hint="An empty part is a part.")
    ask.raises("ValueError", "splits", classes=NAMES, sizes=[12, 4, 3], seed=ask.seed, hint="Add up the sizes.")
    ask.raises("ValueError", "splits", classes=NAMES, sizes=[9, -1, 5], seed=ask.seed, hint="A size is negative.")
