"""What the check of a uniform shuffle can see: exact probabilities of wrong shuffles, and how often it finds them."""

from __future__ import annotations

import ast
import runpy
from collections import Counter
from collections.abc import Iterator
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

CHECK = Path(__file__).resolve().parents[2] / "solutions" / "hw0_multitask" / "checks" / "test_1_union.py"
EXAMPLES = 4
ORDERS = list(permutations(range(EXAMPLES)))
Order = tuple[int, ...]


def swapped(places: Iterator[int] | range, others: tuple[int, ...]) -> Order:
    order = list(range(EXAMPLES))
    for place, other in zip(places, others, strict=True):
        order[place], order[other] = order[other], order[place]
    return tuple(order)


def any_place() -> Iterator[Order]:
    """Each place is swapped with any place."""
    for others in product(range(EXAMPLES), repeat=EXAMPLES):
        yield swapped(range(EXAMPLES), others)


def never_itself() -> Iterator[Order]:
    """Each place, from the last on, is swapped with one before it: Sattolo's cycles."""
    places = range(EXAMPLES - 1, 0, -1)
    for others in product(*(range(place) for place in places)):
        yield swapped(places, others)


def few_keys() -> Iterator[Order]:
    """Sorted by random integers below 16, ties as they stood."""
    for keys in product(range(16), repeat=EXAMPLES):
        yield tuple(sorted(range(EXAMPLES), key=keys.__getitem__))


def found(probabilities: np.ndarray, runs: int = 20_000) -> float:
    """How often the check's statistic is beyond its bound, with the check's number of epochs."""
    check = runpy.run_path(str(CHECK))
    epochs = number_of_epochs()
    counts = np.random.default_rng(1).multinomial(epochs, probabilities, size=runs)
    expected = epochs / len(ORDERS)
    distance = ((counts - expected) ** 2 / expected).sum(axis=1)
    return float((distance >= check["chi_square_bound"](len(ORDERS) - 1)).mean())


def number_of_epochs() -> int:
    for node in ast.walk(ast.parse(CHECK.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "(epochs, datasets)":
            assert isinstance(node.value, ast.Tuple)
            return int(ast.literal_eval(node.value.elts[0]))
    raise AssertionError("the check of the shuffle has no `epochs, datasets = ...`")


@pytest.mark.parametrize("shuffle", [any_place, never_itself, few_keys])
def test_a_wrong_shuffle_is_found(shuffle):
    counts = Counter(shuffle())
    probabilities = np.array([counts[order] for order in ORDERS]) / sum(counts.values())
    assert found(probabilities) >= 0.999


def test_a_uniform_shuffle_is_not():
    assert found(np.full(len(ORDERS), 1 / len(ORDERS))) == 0
