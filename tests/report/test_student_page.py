"""A student's page and its Markdown: what to do first, and nothing that a student wrote means anything there."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from grader.judge.result import Attempt, CheckResult, Diagnosis, Measurement, Result
from grader.report.gauge import gauge_of
from grader.report.side_by_side import side_by_side
from grader.report.student_page import part_of, student_markdown, student_page

MadeUp = Callable[..., Result]
HOSTILE = (
    "<script>alert(1)</script>[x](javascript:alert(1))<img src=x onerror=alert(1)>`\"'&lt; ![y](http://e.org/z.png)"
)


class Tags(HTMLParser):
    """Tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def check(verdict: str = "failed", **others: object) -> CheckResult:
    known = {"id": "test_1", "problem": "1", "asked": "It is so.", "visibility": "public", "points": 0, "max_points": 3}
    return CheckResult(**{**known, "verdict": verdict, **others})  # type: ignore[arg-type]


@pytest.fixture
def told(made_up: MadeUp) -> Callable[[CheckResult], Result]:
    """A submission with this check as its only one."""
    return lambda check: made_up("ada", problems="1").model_copy(update={"checks": (check,)})


def test_what_a_student_wrote_is_text_everywhere(told: Callable[[CheckResult], Result], made_up: MadeUp) -> None:
    spoken = ("summary", "hint", "came", "expected", "detail", "output", "asked")
    whole = check(
        **dict.fromkeys(spoken, HOSTILE), diagnosis=Diagnosis(mutant="m", says=HOSTILE, hint=HOSTILE, shown="always")
    )
    result = told(whole).model_copy(update={"notes": (HOSTILE,), "submission": HOSTILE})
    for staff in (False, True):
        page = Tags(student_page(HOSTILE, result, staff=staff))
        assert not {"script", "img", "iframe", "link", "object"} & {*page.tags}
        assert not [name for name, value in page.attributes if name.startswith("on") or "javascript" in (value or "")]
        assert page.words.count("<script>alert(1)</script>") >= len(spoken)
        markdown = MarkdownIt("commonmark").parse(student_markdown(HOSTILE, result, staff=staff))
        kinds = {each.type for token in markdown for each in (token, *(token.children or ()))}
        assert not kinds & {"html_block", "html_inline", "link_open", "image"}
    refused = Tags(student_page("T", made_up("ada", verdict="invalid", points=0, problem=HOSTILE)))
    assert "script" not in refused.tags


def test_a_fence_is_longer_than_what_is_in_it(told: Callable[[CheckResult], Result]) -> None:
    output = "````\n# not a heading\n```"
    tokens = MarkdownIt("commonmark").parse(student_markdown("T", told(check("crashed", summary="x", output=output))))
    assert [token.content.strip() for token in tokens if token.type == "fence"] == [output]


def test_nothing_is_loaded_and_nothing_runs(made_up: MadeUp) -> None:
    page = Tags(student_page("T", made_up("ada")))
    policy = dict(page.attributes)["content"]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes, policy
    assert [
        value for name, value in page.attributes if name in ("src", "href") and not (value or "").startswith("#")
    ] == []


def test_hidden_things_stay_hidden(told: Callable[[CheckResult], Result]) -> None:
    hidden = check(
        visibility="hidden", came="CAME", expected="EXPECTED", detail="DETAIL", output="PRINTED", summary="Wrong."
    )
    given = told(hidden).for_student(after_due=True)
    for text in (student_page("T", given), student_markdown("T", given)):
        assert "Wrong." in text
        assert not re.findall("CAME|EXPECTED|DETAIL|PRINTED", text)
    assert "EXPECTED" in student_page("T", told(hidden), staff=True)


def test_what_is_to_be_done_comes_first_and_what_passed_is_folded(made_up: MadeUp) -> None:
    checks = (check("passed", points=3, asked="Fine."), check("failed", asked="Wrong here."))
    result = made_up("ada", problems="1").model_copy(update={"checks": checks})
    page = student_page("T", result)
    assert page.index("Wrong here.") < page.index("<details>") < page.index("Fine.")
    assert "1 check passes" in page


def test_a_part_says_what_it_gave(made_up: MadeUp) -> None:
    result = made_up("ada", points=Fraction(3, 2))
    part = part_of(result, result.problems[0], staff=False)
    assert (part.worth, part.share) == ("1.5 of 3 points", 50.0)
    by_hand = result.problems[0].model_copy(update={"id": "9", "points": None, "kind": "written"})
    assert part_of(result, by_hand, staff=False).worth == "3 points, graded by hand"


@pytest.mark.parametrize(
    ("came", "expected", "marked"),
    [
        ("tensor float64 (2,): [1., 2.]", "tensor float64 (2,): [1., 4.]", [["2."], ["4."]]),
        ("tensor float32 (2,): [1., 2.]", "tensor float64 (2,): [1., 2.]", [["float32"], ["float64"]]),
        ("[1., 2.]", "[1., 2., 3.]", [[], []]),
        ("[1.,\n 2.]", "[1., 2.]", [[], []]),
        ("", "", [[], []]),
    ],
)
def test_what_differs_is_marked(came: str, expected: str, marked: list[list[str]]) -> None:
    pieces = side_by_side(came, expected)
    assert ["".join(piece.text for piece in each) for each in pieces] == [came, expected]
    assert [[piece.text for piece in each if piece.differs] for each in pieces] == marked


def measured(**numbers: object) -> Measurement:
    known = {"metric": "accuracy", "value": 0.5, "bound": 0.75, "better": "more", "within": "0 to 1", "baseline": 0.25}
    return Measurement(**{**known, **numbers})  # type: ignore[arg-type]


def test_a_gauge_shows_the_whole_range_and_says_it() -> None:
    gauge = gauge_of(measured())
    assert (gauge.value, gauge.bound, gauge.baseline) == (50.0, 75.0, 25.0)
    assert gauge.said == "accuracy: 0.5; it had to be at least 0.75; a trivial solution has 0.25."


@pytest.mark.parametrize(
    "numbers",
    [
        {"value": None},
        {"value": 1e30, "within": "0 or more", "better": "less"},
        {"value": 0.0, "bound": 0.0, "baseline": None, "within": "any number"},
        {"value": float("inf"), "within": "any number"},
        {"value": None, "bound": None, "baseline": None, "within": "any number"},
    ],
)
def test_a_gauge_takes_any_number(numbers: dict[str, object], told: Callable[[CheckResult], Result]) -> None:
    measurement = measured(**numbers)
    gauge = gauge_of(measurement)
    for place in (gauge.value, gauge.bound, gauge.baseline):
        assert place is None or 0 <= place <= 100
    failed = check(metrics=(measurement,), attempts=(Attempt(verdict="failed"),))
    assert gauge.said.split(";")[0] in Tags(student_page("T", told(failed))).words
