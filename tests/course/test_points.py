"""Points are exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from grader.course.points import Points, decimal, exact

fractions = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (0, Fraction(0)),
        (3, Fraction(3)),
        ("3", Fraction(3)),
        ("3/2", Fraction(3, 2)),
        ("0.1", Fraction(1, 10)),
        ("-1", Fraction(-1)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_an_integer_a_fraction_or_text_is_read_exactly(written: object, means: Fraction) -> None:
    assert exact(written) == means


@pytest.mark.parametrize(
    "written",
    [
        0.1,
        1.0,
        True,
        False,
        None,
        float("nan"),
        Decimal(1),
        [1],
        "",
        " 1",
        "1_0",
        "1/0",
        "1/00",
        "nan",
        "inf",
        "1e9",
        "½",
    ],
)
def test_anything_else_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="points must be an integer or text like"):
        exact(written)


def test_a_number_that_would_fill_the_memory_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="points must be"):
        exact("1e999999999")


@given(fractions)
def test_points_survive_json(points: Fraction) -> None:
    class Holder(BaseModel):
        points: Points

    assert Holder.model_validate_json(Holder(points=points).model_dump_json()).points == points


def test_a_float_in_json_is_refused() -> None:
    class Holder(BaseModel):
        points: Points

    with pytest.raises(ValidationError, match=r"not 0\.5"):
        Holder.model_validate_json('{"points": 0.5}')


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (Fraction(0), "0"),
        (Fraction(10), "10"),
        (Fraction(100), "100"),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(10**20), "1" + "0" * 20),
    ],
)
def test_a_decimal_for_people(points: Fraction, shown: str) -> None:
    assert decimal(points) == shown


@given(fractions)
def test_a_decimal_is_right_to_six_places(points: Fraction) -> None:
    assert abs(Fraction(decimal(points)) - points) <= Fraction(1, 2 * 10**6)


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_a_decimal_with_at_most_six_places_loses_nothing(digits: int, places: int) -> None:
    points = Fraction(digits, 10**places)
    assert exact(decimal(points)) == points
