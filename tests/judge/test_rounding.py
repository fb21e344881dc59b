"""A recording is current when nothing but the last digits of its numbers differs from what the reference says."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.answers import Recorder, Tolerance
from grader.judge.compare import compare
from grader.judge.rounding import stale_answers
from grader.judge.verdict import Mismatch
from grader.sandbox.wire import Array

PROBES = "def loss(): ..."


class Says:
    """A reference that gives one answer to every question."""

    def __init__(self, value: Any, outcome: str = "returned") -> None:
        self.value, self.outcome = value, outcome

    def reply(self, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        return self.outcome, self.value


def recorded(value: Any, *tolerances: Tolerance, outcome: str = "returned", probe: str = "loss") -> Recorder:
    recorder = Recorder(Says(value, outcome), PROBES)
    recorder.reply(probe, {}, 0)
    for tolerance in tolerances:
        recorder.compared(probe, {}, 0, tolerance)
    return recorder


def stale(old: Any, new: Any, *tolerances: Tolerance) -> list[str]:
    """What is said of a recording of `old` when the reference says `new` and checks compare with `tolerances`."""
    return [each.says for each in stale_answers(recorded(old).text(), recorded(new, *tolerances))]


def tensor(values: Sequence[Any], dtype: str = "float32") -> Array:
    return Array("tensor", dtype, np.array(values, dtype))


STRICT, LOOSE = Tolerance(1e-6, 0.0), Tolerance(1e-2, 0.0)
LAST = float(np.nextafter(np.float32(0.7), np.float32(1)))  # the next number to 0.7 in float32


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (0.7, float(np.nextafter(0.7, 1))),
        (tensor([0.7, 1.0]), tensor([LAST, 1.0])),
        (tensor([0.7 + 1j], "complex64"), tensor([LAST + 1j], "complex64")),
        ({"a": [1, (0.7, "x")], "b": tensor([1], "int64")}, {"a": [1, (0.7 + 1e-16, "x")], "b": tensor([1], "int64")}),
        (tensor([1e5, 1e-3]), tensor([1e5, 1e-3 + 1e-7])),
        (tensor([np.nan, np.inf]), tensor([np.nan, np.inf])),
    ],
)
@pytest.mark.parametrize("tolerances", [(), (STRICT,), (LOOSE, STRICT)])
def test_the_last_digits_do_not_count(old: Any, new: Any, tolerances: tuple[Tolerance, ...]) -> None:
    assert stale(old, new, *tolerances) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (3, 4, "3 is recorded; the reference gives 4"),
        (3, 3.0, "3 is recorded; the reference gives 3.0"),
        (True, 1, "true is recorded; the reference gives 1"),
        ("x", "y", '"x" is recorded; the reference gives "y"'),
        (None, "y", 'null is recorded; the reference gives "y"'),
        ([1.0], [1.0, 2.0], "1 items are recorded; the reference gives 2"),
        ([1.0], (1.0,), "a list is recorded; the reference gives a tuple"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "['a'][0]['b'] 1 is recorded; the reference gives 2"),
        ({"a": 1}, {"b": 1}, "the keys a are recorded; the reference gives b"),
        ({"dict": 1}, {"tuple": 1}, "the keys dict are recorded; the reference gives tuple"),
        (tensor([1]), [1.0], "an array is recorded; the reference gives a list"),
        (tensor([1]), tensor([1], "float64"), "tensor float32 (1,) is recorded; the reference gives tensor float64"),
        (tensor([[1]]), tensor([1]), "tensor float32 (1, 1) is recorded; the reference gives tensor float32 (1,)"),
        (tensor([1]), Array("ndarray", "float32", np.ones(1, np.float32)), "the reference gives ndarray float32"),
        (tensor([1, 5], "int64"), tensor([1, 6], "int64"), "[1] 5 is recorded; the reference gives 6. They"),
        (tensor([1.0, np.nan]), tensor([1.0, 2.0]), "[1] nan is recorded; the reference gives 2.0"),
        (0.5, float("inf"), "0.5 is recorded; the reference gives inf"),
    ],
)  # fmt: skip
def test_everything_else_must_be_the_same(old: Any, new: Any, says: str) -> None:
    (found,) = stale(old, new, Tolerance(1e9, 1.0))
    assert says in found


def test_what_is_told_is_which_value_of_which_question_and_by_how_much() -> None:
    new = {"losses": tensor([[1.0, 2.0], [3.0, 4.0]], "float64"), "steps": 2}
    old = {"losses": tensor([[1.0, 2.5], [3.25, 4.0]], "float64"), "steps": 2}
    (found,) = stale_answers(recorded(old).text(), recorded(new, STRICT))
    key = next(iter(recorded(new).noted))
    assert str(found) == (
        f"'loss' (key {key[:8]}): ['losses'][0, 1] 2.5 is recorded; the reference gives 2.0. "
        "They are 0.5 apart, and its check allows 1e-06; so are 1 more"
    )


def test_a_value_is_compared_as_its_check_compares_it() -> None:
    assert stale(1.0, 1.001, LOOSE) == []
    assert len(stale(1.0, 1.001, LOOSE, STRICT)) == 1  # two checks use it: the strict one counts
    assert len(stale(1.0, 1.001)) == 1  # none: only a rounding is let through
    assert stale(100.0, 101.0, Tolerance(0.0, 0.01)) == []
    assert len(stale(1.0, float(np.nextafter(1.0, 2)), Tolerance(0.0, 0.0))) == 1  # would fail on another machine too


def test_the_keys_of_a_dict_may_be_compared_differently() -> None:
    old, new = {"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 1.001, "b": 1.001, "c": 1.001}
    told = stale(old, new, Tolerance(1e-2, 0, only=("a",)), Tolerance(1e-6, 0, only=("b",)))
    assert [says.split()[0] for says in told] == ["['b']", "['c']"]  # c is compared by nobody
    assert "its check allows 1e-06" in told[0]
    assert "without a check, rounding allows 1e-06" in told[1]


numbers = st.floats(-1e6, 1e6)


@given(numbers, numbers, st.sampled_from([0.0, 1e-6, 1e-2, 10.0]), st.sampled_from([0.0, 1e-3, 0.5]))
def test_one_number_is_stale_exactly_when_a_check_would_refuse_it(
    old: float, new: float, atol: float, rtol: float
) -> None:
    try:
        compare(new, old, atol=atol, rtol=rtol)
        refused = False
    except Mismatch:
        refused = True
    assert bool(stale(old, new, Tolerance(atol, rtol))) == refused


# ---- the file -------------------------------------------------------------------------------------------------------


def damaged(change: Callable[[dict[str, Any], str], Any]) -> list[str]:
    fresh = recorded(tensor([1.0]))
    content = json.loads(fresh.text())
    (key,) = content["answers"]
    changed = change(content, key)
    return [each.says for each in stale_answers(json.dumps(changed or content, indent=1) + "\n", fresh)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda content, key: [1], "it is no recording"),
        (lambda content, key: {"answers": [1]}, "it is no recording"),
        (lambda content, key: content.update(note="hello"), "it is not written as a recording is"),
        (lambda content, key: content.update(more=1), "it is not written as a recording is"),
        (lambda content, key: content["answers"].pop(key) and None, "the answer is missing"),
        (lambda content, key: content["answers"].update({key: 3}), "the entry has another form"),
        (lambda content, key: content["answers"][key].update(probe="x"), "the entry has another form"),
        (lambda content, key: content["answers"][key].update(more=1), "the entry has another form"),
        (lambda content, key: content["answers"][key].update(answer=[1]), "the entry has another form"),
        (
            lambda content, key: content["answers"][key].update(answer=["raised", ["ValueError"]]),
            "the reference returned; recorded is that it raised",
        ),
        (
            lambda content, key: content["answers"][key]["answer"][1]["array"].update(values="x"),
            "the array cannot be read",
        ),
        (
            lambda content, key: content["answers"][key]["answer"][1]["array"].update(more=1),
            "tensor float32 (1,) is recorded; the reference gives tensor float32 (1,)",
        ),
        (lambda content, key: content["answers"].update({"f" * 64: {"probe": "x"}}), "no public check asks this"),
    ],
)
def test_a_recording_that_somebody_worked_in_is_stale(change: Any, says: str) -> None:
    assert damaged(change) == [says]


def test_another_layout_is_stale_too() -> None:
    fresh = recorded(1.0)
    assert [each.says for each in stale_answers(fresh.text() + "\n", fresh)] == ["it is not written as a recording is"]
    assert [each.says for each in stale_answers("{", fresh)] == ["it is no recording"]
    assert stale_answers(fresh.text(), fresh) == []


def test_an_exception_is_recorded_by_its_names() -> None:
    then = recorded(("ValueError", "Exception"), outcome="raised")
    now = recorded(("KeyError", "Exception"), outcome="raised")
    (found,) = stale_answers(then.text(), now)
    assert found.says == '[0] "ValueError" is recorded; the reference gives "KeyError"'
