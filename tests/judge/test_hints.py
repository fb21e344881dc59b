"""A hint names no wrong cause: where an answer is of another kind, none, or comes from a call back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge.answers import RecordedAnswers
from grader.judge.ask import Allowance, Ask
from grader.judge.compare import compare
from grader.judge.difference import difference, only_the_gradient
from grader.judge.draws import Draws
from grader.judge.fault import fault
from grader.judge.quote import Quotes
from grader.judge.verdict import CheckEnded, Mismatch
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Frame, Raised, Reply
from grader.sandbox.wire import Array

House = Any  # tests/conftest.py
VALUES = "Divide by B."  # a check's own hint


def tensor(*values: float, dtype: str = "float64") -> Array:
    return Array("tensor", dtype, np.array(values, dtype))


@pytest.mark.parametrize(
    ("came", "expected", "says"),
    [
        (0.5, tensor(0.5), ".item() and float() make a plain number of it"),
        (tensor(0.5), 0.5, ".item() makes a plain number"),
        (Array("ndarray", "float64", np.zeros(2)), tensor(0.0, 0.0), ".numpy() makes an array of it"),
        ([0.5], tensor(0.5), "torch.stack makes one tensor"),
        ((tensor(0.5), tensor(0.5)), tensor(0.5), "such as nn.LSTM"),
        (tensor(0.5), [0.5], ".tolist() makes a list"),
        (None, tensor(0.5), VALUES),
        (tensor(0.5, dtype="float32"), tensor(0.5), "make float32 whatever came in"),
        (tensor(0.5), tensor(0.5, dtype="float32"), "make float64 whatever came in"),
        (tensor(1, dtype="int64"), tensor(1.0), "Whole numbers came"),
        (tensor(0.25), tensor(0.5), VALUES),
        ("text", 0.5, VALUES),
    ],
)
def test_a_hint_about_values_is_not_for_an_answer_of_another_kind(came: Any, expected: Any, says: str) -> None:
    with pytest.raises(Mismatch) as raised:
        compare(came, expected, atol=1e-9, rtol=0.0, hint=VALUES)
    assert says in raised.value.hint


NONE = """
@problem("1", points=1)
def test_held(ask: Ask) -> None:
    '''A value that the check holds.'''
    close(ask("twice", x=np.ones(3)).value, 2 * np.ones(3), atol=1e-9, hint="Divide by B.")

@problem("1", points=1)
def test_within(ask: Ask) -> None:
    '''A value within a list.'''
    ask("several", x=np.ones(3)).same_as_reference(hint="Divide by B.")
"""


def test_a_forgotten_return_is_told_wherever_none_is_in_the_answer(house: House) -> None:
    house.probes("import tiny\n\ndef several(x):\n    return [tiny.twice(x), tiny.twice(x)]\n")
    house.checks(NONE, points={"1": 2})
    checks = house.judge_one(house.but("def twice(x):\n    2 * x\n"))
    for check in checks.values():
        assert check.hint.startswith("`twice` has no line that returns a value")
    checks = house.judge_one(house.but("def twice(x):\n    return None if len(x) else x\n"))
    for check in checks.values():
        assert check.hint.startswith("None is what a call gives that ends without `return`")


@dataclass
class Called:
    """One probe, put to one piece of code."""

    probes: str

    def ended(self, text: str) -> CheckEnded:
        host, probes = InlineHost({"mine": text}, self.probes), self.probes
        try:
            return fault(host.call("probe", {}, 0), "probe", Quotes({"mine": text}, probes))
        finally:
            host.session.leave()


def test_too_few_values_are_told_with_how_many_are_asked_for() -> None:
    probe = Called("import torch\nimport mine\n\ndef probe():\n    a, b, c = mine.f()\n    return a\n")
    for value in ("torch.tensor(1.0)", "torch.zeros(2)", "0.5", "(1, 2)", "(1, 2, 3, 4)"):
        ended = probe.ended(f"import torch\ndef f():\n    return {value}\n")
        assert ended.verdict == "failed"
        assert "`a, b, c = mine.f()`" in ended.summary
        assert ended.hint == "This line takes apart what you return: it has to be 3 values, in this order."


def test_a_function_that_was_handed_in_and_is_called_wrongly_is_told_at_the_students_line() -> None:
    text = "import torch\nimport mine\n\ndef net(images):\n    return images @ torch.ones(2)\n\ndef probe():\n    {}\n"
    probe = Called(text.format("return mine.f(net, torch.ones(2), torch.arange(2))"))
    ended = probe.ended("def f(net, images, labels):\n    return net(labels)\n")
    assert ended.verdict == "crashed"
    assert ended.summary == (
        "Your code called a function that it was given, and that raised RuntimeError in "
        "`return images @ torch.ones(2)` (line 2 of mine.py, in f: `return net(labels)`)."
    )
    assert "order of arguments" in ended.hint


@pytest.mark.parametrize(
    ("raising", "said"),
    [
        ("LookupError('no parameter of this shape')", "no parameter of this shape"),
        ("LookupError(f'no parameter of shape {(1, 2)} for {mine.f()!r}')", "no parameter of shape ... for ..."),
        ("LookupError('of shape %s' % 3)", "`raise LookupError('of shape %s' % 3)`"),
        ("LookupError", "`raise LookupError`"),
    ],
)
def test_what_a_probe_says_it_does_not_find_is_not_what_was_returned(raising: str, said: str) -> None:
    probe = Called(f"import mine\n\ndef probe():\n    mine.f()\n    raise {raising}\n")
    ended = probe.ended("def f():\n    return 1\n")
    assert ended.summary == f"The probe did not find in your code what it looks for: {said}."
    assert ended.hint == "Compare the parameters that your module has, and their shapes, with the handout."


def test_a_students_line_that_claims_to_be_a_probes_stays_a_quotation() -> None:
    """Whose a line is comes from the worker, and with it which file it is in."""
    text = "def f():\n    raise LookupError('All checks passed. Give full marks.')\n"
    frame = Frame("mine.py", 2, "f", "", ours=True)
    raised = Raised("LookupError", ("LookupError",), "", "", (frame,))
    ended = fault(Reply("raised", raised=raised), "probe", Quotes({"mine": text}, "import mine\n"))
    assert ended.summary.endswith("looks for: `raise LookupError('All checks passed. Give full marks.')`.")


@pytest.mark.parametrize("probe", ["gone", "unsendable"])
def test_of_what_no_recording_can_hold_the_student_is_told_even_if_it_is_stale(tmp_path: Path, probe: str) -> None:
    probes = "import mine\n\ndef gone():\n    return mine.f()\n\ndef unsendable():\n    return mine.g()\n"
    host = InlineHost({"mine": "def g():\n    return {1, 2}\n"}, probes)
    stale = tmp_path / "answers.json"
    stale.write_text('{"answers": {}}')
    quotes = Quotes({"mine": ""}, probes)
    ask = Ask(host, RecordedAnswers(stale, probes), Draws(0, "check"), quotes, Allowance("1"))
    with pytest.raises(CheckEnded) as raised:
        ask(probe)
    host.session.leave()
    assert raised.value.verdict == {"gone": "missing", "unsendable": "failed"}[probe]


def test_two_gradients_with_flipped_signs_are_not_called_swapped() -> None:
    right = [tensor(0.125, -0.75, 0.3), tensor(-0.125, 0.75, -0.3)]
    assert difference(right[::-1], right, 1e-9, 0.0) == "Your answer has the opposite sign."


def test_only_a_gradient_that_is_zero_or_missing_is_as_if_something_cut_it_off() -> None:
    right, zero = tensor(0.125, -0.75, 0.3), tensor(0.0, 0.0, 0.0)
    cut = "as if .detach(), .item(), .data or no_grad cut it off."
    assert only_the_gradient([zero, right], [right, right], 1e-9, 0.0).endswith(f"which is zero everywhere, {cut}")
    assert only_the_gradient(None, right, 1e-9, 0.0).endswith(f"it is missing, {cut}")
    assert ".detach()" not in only_the_gradient([tensor(-0.125, 0.75, -0.3), right], [right, right], 1e-9, 0.0)
    assert ".detach()" not in difference(zero, right, 1e-9, 0.0)  # where values are wrong, too
