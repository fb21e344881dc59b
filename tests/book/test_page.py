"""A student's page: every number on it adds up, and nothing in it runs."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from grader.book.page import page_of
from grader.book.policy import Policy
from grader.book.rounding import rounded
from grader.book.standing import IN_TIME, HandIn, Work, open_work, standing
from grader.hand.marking import Marking

from .test_standing import COURSE, POLICIES, any_work, marked, work

CELL = re.compile(r'<td class="number">(?:<a href="#[^"]*">)?([^<]*)(?:</a>)?</td>')


def numbers(page: str) -> list[list[str]]:
    return [CELL.findall(row) for row in page.split("</table>")[0].split("<tr")[2:]]


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POLICIES, any_work())
def test_every_number_adds_up(policy: Policy, of: Work) -> None:
    found = standing(policy, of)
    *rows, last = numbers(page_of(policy, "Ada", of, found))
    assert len(rows) == len(found.counted)
    assert sum(Fraction(row[-1]) for row in rows) == Fraction(last[-1]) == Fraction(rounded(100 * found.grade))
    assert sum(Fraction(row[-2]) for row in rows) == Fraction(last[-2]) == 100


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POLICIES, any_work())
def test_points_by_checks_and_by_hand_add_up_to_what_the_table_has(policy: Policy, of: Work) -> None:
    found = standing(policy, of)
    page = page_of(policy, "Ada", of, found)
    tables = re.findall(
        r'-by-hand">(\w+): (\S+) of (\S+) by checks, (\S+) of (\S+) by hand'
        r"(?:, (\S+) more to be marked)?</h3>(.*?)</table>",
        page,
        re.S,
    )
    both = [each for each in found.counted if each.hand_in and each.name in of.by_hand]
    assert [name for name, *_ in tables] == [each.name for each in both]
    for (_, checks, of_checks, hand, of_hand, more, table), each in zip(tables, both, strict=True):
        assert each.hand_in
        assert Fraction(checks) + Fraction(hand) == Fraction(rounded(each.hand_in.points))
        assert Fraction(of_checks) + Fraction(of_hand) == Fraction(rounded(each.hand_in.of))
        lines = [[Fraction(part) for part in cell.split(" of ")] for cell in CELL.findall(table)]
        assert sum(points for points, _ in lines) == Fraction(hand)
        assert sum(of for _, of in lines) == Fraction(of_hand) + Fraction(more or 0)
    assert ("Not final: " in page) == bool(open_work(policy, of))
    assert ("(not final)</title>" in page) == bool(open_work(policy, of))


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POLICIES, any_work())
def test_every_number_leads_to_where_it_is_from(policy: Policy, of: Work) -> None:
    page = page_of(policy, "Ada", of, standing(policy, of))
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count('<td class="number"><a href="#') == rows.count('<td class="number">') == 3 * rows.count("<tr")
    led_to = set(re.findall('href="#([^"]*)"', page))
    assert led_to <= set(re.findall('id="([^"]*)"', page))


def test_work_without_a_result_by_checks_is_not_final_and_not_in_time() -> None:
    hand = replace(marked(a=Marking(("most",))), by_checks=Fraction(40))
    of = replace(work(), by_hand={"hw1": hand})
    page = page_of(COURSE, "Ada", of, standing(COURSE, of))
    assert "no result by checks yet of hw1. Until then these points are 0." in page
    assert "(not final)</title>" in page
    assert "in time (" not in page


def test_questions_are_explained_by_item_and_comment_and_partners_are_named() -> None:
    hand = marked(a=Marking(("most",), Fraction(-1, 2), "<b>See\nbelow</b>"), b=Marking())
    of = replace(work(hw1=(40, 0)), by_hand={"hw1": hand}, partners={"": ("s2", "s3"), "hw2": ()})
    page = page_of(COURSE, "Ada", of, standing(COURSE, of), {"s2": "Kurt & Co"})
    said = "most of it (+1.33); adjusted (-0.5)"
    row = f'<td>7a Question 7a</td><td class="number">0.83 of 2</td><td>{said}</td><td class="said">&lt;b&gt;See\nbelow'
    assert row in page
    assert "<td>not marked yet; 0 so far</td>" in page
    assert "<dt>hw1</dt><dd>with Kurt &amp; Co, s3</dd>" in page
    assert "<dt>hw2</dt>" not in page


def test_it_tells_where_scores_are_from_and_runs_nothing() -> None:
    of = work(80, hw0=(40, 2), hw1=(30, 0))
    (hw0,) = of.handed_in["hw0"]
    from_there = replace(hw0, source="results/hw0/ada.json", timed_by="Gradescope's metadata")
    of = replace(of, handed_in={**of.handed_in, "hw0": (from_there,)}, sources={"report": "posters.csv, line 2"})
    page = page_of(COURSE, "<script>alert(1)</script>", of, standing(COURSE, of))
    assert "results/hw0/ada.json" in page
    assert '<dt id="from-report">report</dt><dd>posters.csv, line 2</dd>' in page
    assert "Sun 14 Feb 2027, 23:58 (by Gradescope&#39;s metadata)" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "Sun 14 Feb 2027, 23:58" in page
    assert "2 (2 covered)" in page


def test_a_hand_in_whose_moment_nobody_knows_was_in_time() -> None:
    of = Work({"hw0": (HandIn(Fraction(40), Fraction(40), IN_TIME),)})
    page = page_of(COURSE, "Ada", of, standing(COURSE, of))
    assert "<td>in time (no time is known)</td>" in page
    assert "1900" not in page


@pytest.mark.parametrize("policy", [COURSE.model_copy(update={"due": {}})])
def test_without_due_dates_nothing_is_late(policy: Policy) -> None:
    of = work(hw0=(40, 3))
    assert standing(policy, of).spent == 0
    assert "Late days: 0 of 6" in page_of(policy, "Ada", of, standing(policy, of))
