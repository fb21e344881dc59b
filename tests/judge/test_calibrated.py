"""Metrics with calibrated bounds: who passes, who earns a share, and when the judge refuses."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.errors import BrokenCheck, CourseError
from grader.judge import Mismatch
from grader.judge.calibrated import Calibrated, good, share
from grader.judge.calibration import Calibration, CheckCalibration, Metric, code_digest, depends
from grader.judge.measuring import Measuring
from grader.judge.result import CheckResult
from grader.report.calibration import calibration_text

House = Any  # tests/conftest.py

finite = st.floats(-1e6, 1e6)


class At:
    """One bound for every metric."""

    def __init__(self, bound: float | None) -> None:
        self.given = bound

    def bound(self, metric: str, better: Any, within: Any) -> float | None:
        return self.given


# ---- linear credit -------------------------------------------------------------------------------------------------


@given(finite, finite, finite, st.integers(1, 100))
def test_a_share_is_exact_a_whole_number_of_steps_and_never_all(
    value: float, baseline: float, bound: float, steps: int
) -> None:
    earned = share(value, baseline, bound, steps)
    assert isinstance(earned, Fraction)
    assert 0 <= earned < 1
    assert (earned * steps).denominator == 1


@given(finite, finite, finite, finite, st.integers(1, 100))
def test_who_is_closer_to_the_bound_earns_no_less(
    one: float, other: float, baseline: float, bound: float, steps: int
) -> None:
    assume(baseline < bound)
    nearer, farther = max(one, other), min(one, other)
    assert share(nearer, baseline, bound, steps) >= share(farther, baseline, bound, steps)
    assert share(-nearer, -baseline, -bound, steps) == share(nearer, baseline, bound, steps)  # where less is better


@given(st.integers(0, 255), st.integers(1, 100))
def test_a_share_is_the_part_of_the_way_rounded_down(parts: int, steps: int) -> None:
    done = Fraction(parts, 256)
    assert share(parts / 64, 0.0, 4.0, steps) == Fraction(math.floor(done * steps), steps)


def test_at_the_baseline_and_below_nothing_is_earned() -> None:
    assert share(0.1, 0.1, 0.9, 4) == share(-3.0, 0.1, 0.9, 4) == 0
    assert share(0.3, 0.5, 0.5, 4) == 0  # no way to share out


# ---- one metric ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "better", "passes"),
    [(2.0, "more", True), (1.9, "more", False), (2.0, "less", True), (2.1, "less", False)],
)
def test_a_value_at_the_bound_is_good_enough(value: float, better: Any, passes: bool) -> None:
    assert good(value, 2.0, better) is passes
    calibrated = Calibrated(At(2.0))
    if passes:
        calibrated("speed", value, better=better)
    else:
        with pytest.raises(Mismatch, match="The speed is not what right solutions reach") as told:
            calibrated("speed", value, better=better, hint="Faster.")
        assert told.value.came == f"speed: {value}"
        assert told.value.expected == f"at {'least' if better == 'more' else 'most'} 2"
        assert (told.value.hint, told.value.credit) == ("Faster.", 0)
    (measured,) = calibrated.measured
    assert (measured.value, measured.bound) == (value, 2.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("better", ["more", "less"])
def test_what_is_no_finite_number_earns_nothing(value: float, better: Any) -> None:
    calibrated = Calibrated(At(2.0))
    with pytest.raises(Mismatch, match="is no finite number") as told:
        calibrated("speed", value, better=better, baseline=0.0 if better == "more" else 9.0, steps=4)
    assert told.value.credit == 0
    assert calibrated.measured[0].value is None


def test_a_part_of_the_way_earns_its_share() -> None:
    with pytest.raises(Mismatch, match="It earns 1/2 of the points") as told:
        Calibrated(At(2.0))("speed", 1.3, baseline=0.5, steps=4)
    assert told.value.credit == Fraction(1, 2)
    with pytest.raises(Mismatch) as told:  # on this data, a trivial solution is as good as the bound asks for
        Calibrated(At(2.0))("speed", 1.3, baseline=2.5, steps=4)
    assert told.value.credit == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda c: c("a", "12"), "was given str"),
        (lambda c: c("a", True), "was given bool"),
        (lambda c: c("a", 1.5, within="0 to 1"), "1.5 is not within '0 to 1'"),
        (lambda c: c("a", -1.0, within="0 or more"), "-1.0 is not within '0 or more'"),
        (lambda c: c("a", 3.0, steps=4), "needs a baseline"),
        (lambda c: c("a", 3.0, baseline=math.nan), "the baseline is nan"),
        (lambda c: (c("a", 3.0), c("a", 3.0)), "'a' came before"),
        (lambda c: (c("a", 3.0, baseline=0.0, steps=4), c("b", 3.0)), "'a', which earns a share, must come last"),
    ],
)
def test_a_call_that_makes_no_sense_is_our_mistake_or_that_of_the_answer(call: Any, says: str) -> None:
    with pytest.raises(BrokenCheck, match=says):
        call(Calibrated(At(0.0)))


# ---- in a judge ----------------------------------------------------------------------------------------------------

CHECK = """
    @problem("2", points=1)
    def test_exact(ask: Ask) -> None:
        '''Exact.'''
        ask("mean", x=np.ones(3)).same_as_reference()


    @problem("1", points=2, needs="2")
    def test_noisy(ask: Ask, calibrated) -> None:
        '''Twice one, more or less.'''
        value = float(ask("twice", x=np.array(1.0)).value) + ask.rng.normal() / 10
        calibrated("size", value, baseline=1.0, steps=4)
"""


@pytest.fixture
def noisy(house: House) -> House:
    house.checks(CHECK, points={"1": 2, "2": 1})
    return house


def calibrate(house: House, bound: float, **others: Any) -> None:
    """Writes a calibration of `test_noisy` by hand."""
    file = next((house.folder / "solutions/hw7_tiny/checks").glob("*.py"))
    metric = Metric(better="more", within="any number", bound=bound, fits=(), right={}, wrong={})
    check = CheckCalibration(
        file=f"checks/{file.name}",
        may_fail=1e-4,
        confidence=0.95,
        metrics={"size": metric},
        caught={},
        like_the_reference=(),
        not_measured={},
    )
    values: dict[str, Any] = {"made_with": {}, "depends": depends(house.assignment), "mutants": {}}
    calibration = Calibration(**{**values, "checks": {"test_noisy": check}, **others})
    (house.folder / "solutions/hw7_tiny/calibration.json").write_text(calibration_text(calibration))


def judged(house: House, source: str) -> CheckResult:
    found: CheckResult = house.judge_one(source)["test_noisy"]
    return found


def test_a_judge_uses_the_stored_bound_and_records_what_it_measured(noisy: House) -> None:
    calibrate(noisy, 1.5)
    passed = judged(noisy, noisy.reference)
    assert (passed.verdict, passed.points) == ("passed", 2)
    (measured,) = passed.metrics
    assert measured.value is not None
    assert abs(measured.value - 2) < 0.5
    assert (measured.metric, measured.bound, measured.baseline) == ("size", 1.5, 1.0)
    assert passed.for_student(after_due=False).metrics == ()
    calibrate(noisy, 99.0)
    failed = judged(noisy, noisy.but("def twice(x):\n    return 51 * x\n"))
    assert (failed.verdict, failed.points) == ("blocked", 0)  # the other problem needs `twice`, too
    failed = judged(noisy, noisy.reference)
    assert (failed.verdict, failed.points) == ("failed", 0)
    calibrate(noisy, 2.9)
    failed = judged(noisy, noisy.reference)
    assert measured.value < 2.9
    assert failed.verdict == "failed"
    assert failed.points == 2 * share(measured.value, 1.0, 2.9, 4) > 0


@pytest.mark.parametrize("source", ["reference", "but"])
def test_without_a_calibration_nobody_gets_a_grade(noisy: House, source: str) -> None:
    wrong = (
        noisy.reference
        if source == "reference"
        else noisy.but("def twice(x):\n    raise ValueError\n\n\ndef mean(x):\n    return 2 * x.mean()\n")
    )
    check = judged(noisy, wrong)
    assert check.verdict == "grader_error"
    assert "calibration.json: is missing" in check.detail
    assert "make calibrate HW=hw7" in check.detail


def test_a_calibration_of_other_files_is_refused_and_says_of_which(noisy: House) -> None:
    calibrate(noisy, 1.5)
    solution = noisy.folder / "solutions/hw7_tiny"
    reference = solution / "tiny.py"
    text = reference.read_text()
    reference.write_text("# a remark\n" + text.replace("return 2 * x", "return 2 * x  # or x + x"))
    assert judged(noisy, noisy.reference).verdict == "passed"  # no other code than before
    reference.write_text(text.replace("return 2 * x", "return x * 2"))
    stale = judged(noisy, noisy.reference)
    assert stale.verdict == "grader_error"
    assert "is stale: tiny.py changed since the bounds of test_noisy were set" in stale.detail
    assert "make calibrate HW=hw7" in stale.detail
    assert stale.points == 0
    assert stale.max_points == 2  # it stays in the maximum, and the submission without a grade
    reference.write_text(text)
    (solution / "alternatives" / "adds.py").unlink()
    assert "alternatives/adds.py changed" in judged(noisy, noisy.reference).detail


@pytest.mark.parametrize(
    ("old", "new"),
    [("0.95", '"much"'), ('"schema_version": 1', '"schema_version": 2'), ('"size"', '"width"'), ("{", "")],
)
def test_a_calibration_that_does_not_fit_is_refused(noisy: House, old: str, new: str) -> None:
    calibrate(noisy, 1.5)
    path = noisy.folder / "solutions/hw7_tiny/calibration.json"
    path.write_text(path.read_text().replace(old, new, 1))
    check = judged(noisy, noisy.reference)
    assert check.verdict == "grader_error"
    assert "make calibrate HW=hw7" in check.detail


def test_a_check_in_another_file_does_not_make_bounds_stale(house: House) -> None:
    house.checks(
        CHECK.replace('@problem("1", points=2, needs="2")', '# next file\n    @problem("1", points=2)'),
        points={"1": 2, "2": 1},
    )
    files = sorted((house.folder / "solutions/hw7_tiny/checks").glob("*.py"))
    calibrate(house, 1.5, depends=depends(house.assignment))
    mine, other = [file for file in files if "size" in file.read_text()] + [
        f for f in files if "size" not in f.read_text()
    ]
    other.write_text(other.read_text() + "\n\nMORE = 1\n")
    assert judged(house, house.reference).verdict == "passed"
    mine.write_text(mine.read_text() + "\n\nMORE = 1\n")
    assert f"checks/{mine.name} changed" in judged(house, house.reference).detail


def test_what_a_check_uses_of_a_shared_folder_counts(noisy: House) -> None:
    place = noisy.shares()
    assert not [name for name in depends(noisy.assignment) if "pictures" in name]  # no check names it
    (checks,) = (noisy.folder / "solutions/hw7_tiny/checks").glob("*.py")
    text = checks.read_text()
    for named in ('shared_module("pictures")', 'PATH / "pictures.py"'):
        checks.write_text(f"{text}\n\nUSED = '{named}'\n")
        before = depends(noisy.assignment)
        assert {"pictures/pictures.py", "pictures/pictures.npz"} <= set(before)
    calibrate(noisy, 1.5)
    assert judged(noisy, noisy.reference).verdict == "passed"
    (place / "pictures.py").write_text((place / "pictures.py").read_text() + "# a remark\n")
    (place / "NOTICE.md").write_text("These pictures are of something.\n")
    assert depends(noisy.assignment) == before
    np.savez(place / "pictures.npz", images=np.eye(4))
    assert "pictures/pictures.npz changed" in judged(noisy, noisy.reference).detail
    (place / "pictures.py").write_text((place / "pictures.py").read_text() + "MORE = 1\n")
    assert "pictures/pictures.npz, pictures/pictures.py changed" in judged(noisy, noisy.reference).detail


def test_the_code_of_a_module_counts_and_nothing_else() -> None:
    code = 'def f(x):\n    """Says."""\n    return x + 1  # one\n'
    assert code_digest(code) == code_digest('# New.\n\n\ndef f(x):\n    """Says\n    more."""\n\n    return x + 1\n')
    assert code_digest(code) != code_digest(code.replace("+ 1", "+ 2"))
    assert code_digest('x = "# no comment"\n') != code_digest('x = "# another"\n')


OF_A_CHECK = "from grader.judge import check_that as check\n\n"


@pytest.mark.parametrize(
    "code", ['check(x, hint={}, like="é")\n', "hint = {}\ncheck(x, hint=hint)\n", "f({}, hint={})\n"]
)
def test_the_words_of_a_hint_may_be_mended(code: str) -> None:
    first = OF_A_CHECK + code.replace("{}", '"Use the sum."')
    longer = OF_A_CHECK + code.replace("hint={}", 'hint="é and more"').replace("hint = {}", 'hint = "Take\\n"  # one\n')
    assert code_digest(first) == code_digest(longer.replace("{}", '"Use the sum."'))
    assert code_digest(first) != code_digest(first.replace("hint=", "like="))
    assert code_digest(first) != code_digest(first.replace('"Use the sum."', "f'{x}'")), "what is computed may go wrong"


def test_only_the_words_of_a_checks_hints_may_be_mended() -> None:
    parts = f'{OF_A_CHECK}check(x, hint=(  # why\n    "one"  # or\n    "two"\n), n=1)\n'
    assert code_digest(parts) == code_digest(parts.replace("two", "é").replace('    "one"  # or\n', ""))
    assert code_digest(parts) == code_digest(f'{OF_A_CHECK}check(x, hint="three", n=1)\n')
    assert code_digest(parts) != code_digest(parts.replace("n=1", "n=2"))
    assert code_digest(f"{OF_A_CHECK}hint = 'a'\nx = 1\n") != code_digest(f"{OF_A_CHECK}x = 1\n"), (
        "that it is there counts"
    )
    for code in ('what = "{}"\n', 'other.hint = "{}"\n'):
        assert code_digest(OF_A_CHECK + code) != code_digest(OF_A_CHECK + code.replace("{}", "b"))
    for code in ('hint = "{}"\n', 'f(hint="{}")\n', 'import grader_of_mine\nhint = "{}"\n'):
        assert code_digest(code) != code_digest(code.replace("{}", "b")), "a solution's own name"


# ---- measuring -----------------------------------------------------------------------------------------------------


def test_measuring_records_and_fails_nothing_and_nothing_blocks(noisy: House) -> None:
    wrong = noisy.but("def twice(x):\n    return -5 * x\n")  # `mean` needs it, so the exact check fails too
    sources = [noisy.reference, wrong, noisy.but("def twice(x):\n    return x / 0\n")]
    results = noisy.judge(*sources, judge=Measuring)
    checks = [{check.id: check for check in result.checks} for result in results]
    assert [set(each) for each in checks] == [{"test_noisy"}] * 3
    assert [each["test_noisy"].verdict for each in checks] == ["passed"] * 3
    right, other, endless = (each["test_noisy"].metrics[0] for each in checks)
    assert right.bound is None
    assert right.value is not None
    assert other.value == pytest.approx(right.value - 7)
    assert endless.value is None


def test_there_must_be_something_to_measure(house: House) -> None:
    with pytest.raises(CourseError, match="hw7_tiny: no check uses `calibrated`"):
        house.judge(house.reference, judge=Measuring)
