"""Report pages in a real browser: nothing is cut off at three widths, nothing fails, nothing hinders a reader.

Screenshots are kept in build/report.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.judge.result import CheckResult, Diagnosis, Measurement, Result
from grader.report.alike import Cluster
from grader.report.by_hand import Marked
from grader.report.class_page import ClassReport, class_page
from grader.report.student_page import student_page
from grader.similarity.compared import Compared, Pair, Side, Text
from grader.similarity.page import index_page, pair_page

REPOSITORY = Path(__file__).parents[2]
SHOTS = REPOSITORY / "build" / "report"
LONG = "a_name_without_any_place_to_break_" * 6


def _check(number: int, verdict: str, **others: Any) -> CheckResult:
    known: dict[str, Any] = {
        "id": f"test_{number}",
        "problem": "1",
        "asked": f"Sentence {number} about what is asked.",
        "visibility": "public",
        "points": Fraction(3) if verdict == "passed" else Fraction(0),
        "max_points": Fraction(3),
    }
    return CheckResult(**{**known, "verdict": verdict, **others})


@pytest.fixture
def submission(made_up: Callable[..., Result]) -> Result:
    """One submission with everything that a page can show."""
    known = Diagnosis(mutant="m", says=f"You averaged {LONG}.", hint="Add them.", shown="always")
    measured = Measurement(metric="accuracy", value=0.4, bound=0.7, better="more", within="0 to 1", baseline=0.2)
    arrays = {"came": f"tensor (3,): [1., 2., 3.] {LONG}", "expected": f"tensor (3,): [1., 5., 3.] {LONG}"}
    checks = (
        _check(1, "failed", summary="The values differ.", hint="Look again.", diagnosis=known, **arrays),
        _check(2, "failed", summary="Too low.", metrics=(measured,)),
        _check(3, "crashed", summary="It raised.", detail="Traceback\n" + LONG, output=f"epoch 1\n{LONG}"),
        _check(4, "passed"),
        _check(5, "missing", summary="This is not implemented yet (tiny.py, line 3)."),
        _check(6, "blocked", summary="This needs another check, which did not pass."),
        _check(7, "timeout", summary="It took too long."),
    )
    return made_up("ada", problems="1", notes=(f"A note on {LONG}.",)).model_copy(update={"checks": checks})


@pytest.fixture
def pages(submission: Result, made_up: Callable[..., Result]) -> dict[str, str]:
    """A page of each kind."""
    chance = random.Random(1)
    verdicts = ["passed", "failed", "invalid"]
    others = [made_up(f"student_{i:02}", chance.randrange(4), chance.choice(verdicts[:2])) for i in range(30)]
    unread = made_up(LONG, 0, "invalid", problem=f"No file {LONG}.")
    sides = [Side(Text(owner, "tiny", f"x = 1\ny = '{LONG}'\n"), 0.5, ((0, 5),)) for owner in ("ada", LONG)]
    found = Compared((Pair(sides[0], sides[1], 120),), {LONG: "damaged"}, ())
    alike = (Cluster(("ada", LONG), 0.9),)
    report = ClassReport(
        "HW7", [*others, submission, unread], {"ada": "staff/ada.html"}, ("late",), ("Zoe",), "", alike, "similar.html"
    )
    marked = (
        Marked("1", "1a", f"Why {LONG}", Fraction(3), Fraction(4), f"the idea (+3); {LONG}", f"Say why {LONG} first."),
        Marked("9", "9a", "What for", Fraction(0), Fraction(2), open=True),
    )
    return {
        "student": student_page("HW7: A tiny homework", submission, marked),
        "staff": student_page("HW7: A tiny homework", submission, marked, staff=True),
        "unread": student_page("HW7: A tiny homework", unread),
        "class": class_page(report),
        "similar": index_page("HW7", found, ["pair001.html"], 2),
        "pair": pair_page("HW7", found.pairs[0]),
    }


def test_every_page_is_good_for_readers(good_for_readers: Any, pages: dict[str, str]) -> None:
    good_for_readers(pages, SHOTS)


def test_the_table_is_sorted_and_searched(window: Any, pages: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "class.html").write_text(pages["class"], encoding="utf-8")
    window.goto((tmp_path / "class.html").as_uri())

    def column(number: int) -> list[str]:
        return list(
            window.eval_on_selector_all(
                "#submissions tbody tr:not([hidden])", f"rows => rows.map(row => row.cells[{number}].textContent)"
            )
        )

    assert column(0) == sorted(column(0))
    window.click("#submissions th:nth-child(2) button")
    assert [float(points) for points in column(1)] == sorted(float(points) for points in column(1))
    window.click("#submissions th:nth-child(2) button")
    assert [float(points) for points in column(1)] == sorted((float(points) for points in column(1)), reverse=True)
    window.fill("input[type=search]", "student_0 passed")
    shown = column(0)
    assert 0 < len(shown) < 10
    assert all(name.startswith("student_0") for name in shown)
    assert window.inner_text("#shown") == f"{len(shown)} of 32"
    assert window.told == []
