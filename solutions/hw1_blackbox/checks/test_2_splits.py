"""Problem 2: classes for training, validation and test."""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np

from grader.judge import Ask, check_that, problem

NAMES = [f"Alphabet{a}/character{c:02}" for a in "ABC" for c in range(1, 7)]  # 18 of them


@problem("2", points="3/2")
def test_parts_are_disjoint(ask: Ask) -> None:
    """No class is in two parts, or in one part twice, and all of them are classes that were given."""
    (parts,) = ask("splits", classes=NAMES, sizes=[9, 4, 5], seed=ask.seed).value
    drawn = [name for part in parts for name in part]
    hint = (
        "The parts hold entries of `classes`. Shuffle them once and cut the list: a second draw may give a class again."
    )
    check_that(len(set(drawn)) == len(drawn), came="a class twice", expected="each class once at most", hint=hint)
    check_that(set(drawn) <= set(NAMES), came="something else", expected="entries of `classes`", hint=hint)


@problem("2", points=1)
def test_parts_have_their_sizes(ask: Ask) -> None:
    """There is one part for each size, in this order, with exactly that many classes; others are in no part."""
    hint = "Sizes are numbers of classes; there may be any number of parts, and classes may be left over."
    for sizes in ([9, 4, 5], [3, 7, 2, 4], [11]):
        (parts,) = ask("splits", classes=NAMES, sizes=sizes, seed=ask.seed).value
        lengths = [len(part) for part in parts]
        check_that(lengths == sizes, came=str(lengths), expected=str(sizes), hint=hint)


@problem("2", points="1/2")
def test_every_split_is_equally_likely(ask: Ask, uniform: Any) -> None:
    """Any class can be in any part, and all splits are equally likely."""
    outcomes = ask("splits", classes=[10, 20, 30, 40], sizes=[1, 2], seed=ask.seed, count=600).value
    came = Counter((parts[0][0], frozenset(parts[1])) for parts in outcomes if [len(part) for part in parts] == [1, 2])
    legal = [(one, frozenset(two)) for one in (10, 20, 30, 40) for two in combinations({10, 20, 30, 40} - {one}, 2)]
    check_that(sum(came.values()) == 600, came="parts of other sizes", expected="1 class and 2 classes")
    hint = "torch.randperm(len(classes), generator=generator) gives every order with the same chance."
    uniform(np.array([came[outcome] for outcome in legal]), "the 12 splits of 4 classes into 1 and 2", hint)


@problem("2", points="1/2")
def test_splits_come_from_the_generator_only(ask: Ask) -> None:
    """The generator's state alone decides the split, and the caller's list stays as it was."""
    question = {"classes": NAMES, "sizes": [9, 4, 5]}
    first, second = ask("splits", **question, seed=ask.seed, count=2, global_seed=1).value
    again, _ = ask("splits", **question, seed=ask.seed, count=2, global_seed=2).value
    (other,) = ask("splits", **question, seed=ask.seed + 1).value
    hint = "Shuffle with a torch function that draws. Give it the generator, and do not seed that yourself."
    check_that(first == again, came="another split", expected="the same one for the same generator state", hint=hint)
    check_that(first != other, came="the same split", expected="another one for another generator", hint=hint)
    check_that(first != second, came="the same split", expected="another one in the next call", hint=hint)
    after = ask("classes_after_a_split", **question, seed=ask.seed).value
    hint = "Shuffle a copy, or indices."
    check_that(after == NAMES, came="another list", expected="the caller's list, untouched", hint=hint)


@problem("2", points="1/2")
def test_impossible_splits_are_refused(ask: Ask) -> None:
    """More classes than there are, and a negative size, are ValueErrors; a size may be 0."""
    (parts,) = ask("splits", classes=NAMES, sizes=[12, 0, 6], seed=ask.seed).value
    lengths = [len(part) for part in parts]
    check_that(lengths == [12, 0, 6], came=str(lengths), expected="[12, 0, 6]", hint="An empty part is a part.")
    ask.raises("ValueError", "splits", classes=NAMES, sizes=[12, 4, 3], seed=ask.seed, hint="Add up the sizes.")
    ask.raises("ValueError", "splits", classes=NAMES, sizes=[9, -1, 5], seed=ask.seed, hint="A size is negative.")
