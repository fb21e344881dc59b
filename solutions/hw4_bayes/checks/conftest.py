"""What all checks do: an answer is right if it has the reference's values at points that are drawn.

Two expressions of the kinds that are asked for are equal everywhere, or differ at almost every point. A value comes
with an error of less than 1e-15 of itself (`expressions/computing.py`). So a difference above the tolerance is proved.
"""

import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge import Ask, check_that, close

POINTS, ATTEMPTS = 12, 20
RTOL = 1e-12  # far above the error of a value, far below what any mistake makes
UNREAD = "This answer cannot be read. `make check` says where, and what to try."
Values = np.ndarray[Any, Any]


def _numbers(rng: np.random.Generator, domain: str) -> Values:
    """Values of a symbol, away from those at which different formulas agree: 0, 1 and infinity."""
    if domain == "count":
        return rng.integers(1, 7, size=POINTS)
    if domain == "unit":
        return rng.uniform(0.1, 0.9, size=POINTS)
    sizes = np.exp(rng.uniform(-0.9, 0.9, size=POINTS))
    return sizes if domain == "positive" else sizes * rng.choice((-1.0, 1.0), size=POINTS)


@pytest.fixture
def agrees(ask: Ask, assignment_folder: Path) -> Callable[[str, str], None]:
    """A function that ends the check unless an answer is right. The hint is for whoever made none of the slips."""
    text = (assignment_folder / "declared.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)

    def check(answer: str, hint: str) -> None:
        symbols = [name for name in declared["answers"][answer]["symbols"] if "domain" in declared["symbols"][name]]
        domains = {name: declared["symbols"][name]["domain"] for name in symbols}
        decimals = declared["answers"][answer].get("decimals")
        question = {"answer": answer, "declared": text}
        complaint = ask("complaint", **question).value
        expected = "an expression that can be read"
        check_that(not complaint, came=complaint, expected=expected, summary=UNREAD, like="unread")
        points = _points(ask, question, domains)
        came = ask("values", **question, points=points)
        undefined = came["undefined"]
        summary = "For some values of the symbols your answer has none, where the right one has."
        check_that(not undefined, came="".join(undefined), expected="a value", hint=hint, summary=summary)
        tolerance = {"atol": 1e-300, "rtol": RTOL} if decimals is None else {"atol": 10.0**-decimals, "rtol": 0.0}
        right = came.reference["values"]
        alike = partial(np.allclose, came["values"], **tolerance)
        found = "" if alike(right) else _looks(alike, _lookalikes(ask, question, points, domains, right))
        close(came["values"], right, **tolerance, what="Your answer", hint=found or hint)

    return check


def _points(ask: Ask, question: dict[str, Any], domains: dict[str, str]) -> dict[str, Values]:
    """Points at which the reference has a value."""
    for _ in range(ATTEMPTS):
        points = {name: _numbers(ask.rng, domain) for name, domain in domains.items()}
        if not ask.reference("values", **question, points=points)["undefined"]:
            break
    return points


def _looks(alike: Callable[[Values], bool], known: Iterator[tuple[str, Values]]) -> str:
    """What the answer looks like, in a sentence; "" when it looks like nothing that is tried."""
    return next((says for says, values in known if alike(values)), "")


def _lookalikes(
    ask: Ask, question: dict[str, Any], points: dict[str, Values], domains: dict[str, str], right: Values
) -> Iterator[tuple[str, Values]]:
    """Sentences, each with the values that an answer has of which it can be said."""
    with np.errstate(all="ignore"):
        yield "Your answer is the right one turned over: one divided by it is right.", 1 / right
        yield "Your answer is the square root of the right one.", np.sqrt(right)
        yield "Your answer is the square of the right one.", right**2
    for one, other in combinations(domains, 2):
        if (domains[one] == "count") == (domains[other] == "count"):
            swapped = {**points, one: points[other], other: points[one]}
            answer = ask.reference("values", **question, points=swapped)
            yield f"Your answer is right with {one} and {other} in each other's places.", answer["values"]
    for name, answer in ask.reference("values_of_variants", **question, points=points).items():
        if name.startswith("base"):
            yield f"A logarithm here is the natural one, and yours has {name}.", answer["values"]
        else:
            yield "A term is missing in your answer; all else is right.", answer["values"]
