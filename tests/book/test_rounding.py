"""Grades are exact until they are printed."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.rounding import rounded, rounded_parts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(5), "5"),
        (Fraction(5, 2), "2.5"),
        (Fraction(2675, 1000), "2.68"),  # as a float, 2.675 is less than that
        (Fraction(-2675, 1000), "-2.68"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(999, 1000), "1"),
        (Fraction(-1, 1000), "0"),
        (Fraction(100), "100"),
    ],
)
def test_half_is_rounded_up(value: Fraction, text: str) -> None:
    assert rounded(value) == text


@settings(derandomize=True, max_examples=200)
@given(st.fractions(max_denominator=10_000), st.integers(0, 6))
def test_it_is_as_near_as_its_places_allow(value: Fraction, places: int) -> None:
    assert abs(Fraction(rounded(value, places)) - value) <= Fraction(1, 2 * 10**places)


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.fractions(min_value=-50, max_value=50, max_denominator=500), max_size=12), st.integers(0, 3))
def test_what_is_printed_adds_up(values: list[Fraction], places: int) -> None:
    printed = [Fraction(text) for text in rounded_parts(values, places)]
    assert sum(printed) == Fraction(rounded(sum(values, Fraction(0)), places))
    assert all(abs(a - b) <= Fraction(1, 10**places) for a, b in zip(printed, values, strict=True))
