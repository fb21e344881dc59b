"""A student's page: every number on it adds up, and nothing in it runs."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from grader.book.page import page_of
from grader.book.policy import Policy
from grader.book.rounding import rounded
from grader.book.rows import IN_TIME
from grader.book.standing import HandIn, Work, standing

from .test_standing import COURSE, POLICIES, any_work, work

CELL = re.compile(r'<td class="number">([^<]*)</td>')


def numbers(page: str) -> list[list[str]]:
    return [CELL.findall(row) for row in page.split("<tr")[2:]]


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POLICIES, any_work())
def test_every_number_adds_up(policy: Policy, of: Work) -> None:
    found = standing(policy, of)
    *rows, last = numbers(page_of(policy, "Ada", of, found, {}))
    assert len(rows) == len(found.counted)
    assert sum(Fraction(row[-1]) for row in rows) == Fraction(last[-1]) == Fraction(rounded(100 * found.grade))
    assert sum(Fraction(row[-2]) for row in rows) == Fraction(last[-2]) == 100


def test_it_tells_where_scores_are_from_and_runs_nothing() -> None:
    of = work(80, hw0=(40, 2), hw1=(30, 0))
    page = page_of(COURSE, "<script>alert(1)</script>", of, standing(COURSE, of), {"hw0": "results/hw0/ada.json"})
    assert "results/hw0/ada.json" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "Sun 14 Feb 2027, 23:58" in page
    assert "2 (2 covered)" in page


def test_a_hand_in_whose_moment_nobody_knows_was_in_time() -> None:
    of = Work({"hw0": (HandIn(Fraction(40), Fraction(40), IN_TIME),)})
    page = page_of(COURSE, "Ada", of, standing(COURSE, of), {})
    assert "<td>in time</td>" in page
    assert "1900" not in page


@pytest.mark.parametrize("policy", [COURSE.model_copy(update={"due": {}})])
def test_without_due_dates_nothing_is_late(policy: Policy) -> None:
    of = work(hw0=(40, 3))
    assert standing(policy, of).spent == 0
    assert "Late days: 0 of 6" in page_of(policy, "Ada", of, standing(policy, of), {})
