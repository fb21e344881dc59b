"""Progress in a pipe: some lines for any class, however large."""

import io

import pytest
from rich.console import Console

from grader.commands.progress import Bar, Lines, progress


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(total: int, seconds_each: float = 0.0) -> list[str]:
    console, clock = Console(file=io.StringIO(), width=80), Clock()
    shown = Lines(console, "Grading hw7", total, clock)
    for name in ("sums", "means", "halves"):
        shown.now(name, learning=True)
        clock.now += seconds_each
    for i in range(total):
        shown.now(f"s{i}", learning=False)
        clock.now += seconds_each
        shown.done()
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("total", [10, 37, 300, 1000])
def test_a_class_has_a_line_for_each_tenth(total: int) -> None:
    seen = lines(total)
    assert seen[:2] == [
        f"Grading hw7: {total} submissions",
        "Grading hw7: all are graded; now what known mistakes look like: sums",
    ]
    assert len(seen) == 12
    assert seen[-1] == f"Grading hw7: {total} of {total}"


def test_a_small_class_has_a_line_each() -> None:
    assert lines(3)[2:] == [f"Grading hw7: {i} of 3" for i in (1, 2, 3)]


def test_what_takes_long_has_a_line_a_minute() -> None:
    assert len(lines(100, seconds_each=60.0)) == 1 + 3 + 100
    assert len(lines(100, seconds_each=20.0)) < 50


def test_an_empty_class_is_no_division_by_zero() -> None:
    assert lines(0) == [
        "Grading hw7: 0 submissions",
        "Grading hw7: all are graded; now what known mistakes look like: sums",
    ]


def test_a_terminal_gets_a_bar() -> None:
    assert isinstance(progress(Console(file=io.StringIO(), force_terminal=True), "x", 1), Bar)
    assert isinstance(progress(Console(file=io.StringIO()), "x", 1), Lines)
