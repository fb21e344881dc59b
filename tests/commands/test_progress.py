"""Progress: what is worked out from times, and how sparsely it is told in a pipe."""

import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.commands.conclude import Run
from grader.commands.events import Events, Stream
from grader.commands.progress import Bar, Lines, progress
from grader.commands.tally import Tally, duration, told
from grader.report.account import Standing


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def simulate(tally: Tally, clock: Clock, seconds: Callable[[int], float], after: Callable[[], object]) -> float:
    """Judges everybody on the tally's lanes, as a crew does, and says when that was over."""
    ends: list[tuple[float, str]] = []
    names = iter([f"s{i}" for i in range(tally.total)])
    numbers = itertools.count()
    for name in itertools.islice(names, tally.lanes):
        tally.begin(name)
        ends.append((clock.now + seconds(next(numbers)), name))
    while ends:
        ends.sort()
        clock.now, name = ends.pop(0)
        tally.end(name)
        for following in itertools.islice(names, 1):
            tally.begin(following)
            ends.append((clock.now + seconds(next(numbers)), following))
        after()
    return clock.now


@pytest.mark.parametrize(("total", "lanes"), [(10, 1), (40, 2), (41, 2), (300, 8), (7, 4)])
def test_right_after_warming_up_the_time_left_is_within_a_fifth(total: int, lanes: int) -> None:
    clock = Clock()
    tally = Tally(total, lanes, clock)
    guesses: list[tuple[int, float]] = []

    def guess() -> None:
        assert tally.left_s is not None
        guesses.append((tally.done, clock.now + tally.left_s))

    # Equal submissions, but for the first of each lane, which warm up.
    over = simulate(tally, clock, lambda number: 9.0 if number < lanes else 2.0, guess)
    warm = [end for done, end in guesses if done > lanes]
    assert len(warm) == total - lanes
    assert all(abs(end - over) <= 0.2 * over for end in warm)
    assert guesses[-1] == (total, over)


def test_speed_failures_and_the_slowest() -> None:
    clock = Clock()
    tally = Tally(5, 2, clock)
    assert (tally.per_minute, tally.left_s, tally.slowest) == (None, None, None)
    tally.begin("ada")
    clock.now = 3.0
    tally.begin("bob")
    clock.now = 5.0
    assert tally.slowest == ("ada", 5.0)
    tally.end("bob", error=True)
    assert (tally.done, tally.errors, sorted(tally.running)) == (1, 1, ["ada"])
    assert tally.per_minute == pytest.approx(60.0)
    assert list(told(tally)) == [
        "1 not judged by our mistake",
        "1 running",
        "60 a minute",
        "about 4 s left",
        "slowest now: ada, 5 s",
    ]


def test_who_is_judged_once_more_is_counted_once() -> None:
    clock = Clock()
    tally = Tally(2, 1, clock)
    tally.begin("ada")
    clock.now = 50.0
    tally.begin("ada")
    clock.now = 51.0
    tally.end("ada")
    assert (tally.begun, tally.done, tally.each_s) == (1, 1, 1.0)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (11100, "3 h 5 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def lines(total: int, made_up: Any, seconds_each: float) -> list[str]:
    console, clock = Console(file=io.StringIO(), width=80), Clock()
    tally = Tally(total, 2, clock)
    shown = Lines(console, "Grading hw7", tally)
    shown.now("s0", learning=False)
    simulate(tally, clock, lambda number: seconds_each, lambda: shown.done(made_up("s"), finished=False))
    tally.later = total
    shown.now("sums", learning=True)
    for tally.compared in range(1, total + 1):
        clock.now += seconds_each
        shown.explained(made_up("s"))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("total", [20, 300, 1000])
def test_a_class_has_a_line_for_each_tenth(total: int, made_up: Any) -> None:
    seen = lines(total, made_up, 300 / total)
    assert seen[0] == f"Grading hw7: {total} submissions"
    assert [line.split(" of ")[0] for line in seen[1:11]] == [f"Grading hw7: {total * i // 10}" for i in range(1, 11)]
    assert "a minute, about" in seen[1]
    assert seen[11] == "Grading hw7: all are graded; now what known mistakes look like: sums"
    assert seen[-1] == f"Grading hw7: compared with known mistakes: {total} of {total}"


def test_a_quick_class_has_few_lines(made_up: Any) -> None:
    assert len(lines(1000, made_up, 0.002)) == 4


def test_what_takes_long_has_a_line_a_minute(made_up: Any) -> None:
    assert len([line for line in lines(100, made_up, 120.0) if " of 100" in line]) >= 100


def test_while_nobody_ends_somebody_slow_is_named(made_up: Any) -> None:
    console, clock = Console(file=io.StringIO(), width=80), Clock()
    tally = Tally(3, 1, clock)
    shown = Lines(console, "Grading hw7", tally)
    tally.begin("ada")
    shown.now("ada", learning=False)
    for clock.now in (1.0, 30.0, 61.0, 62.0):
        shown.tick()
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines()[1:] == [
        "Grading hw7: 0 of 3, 1 running, slowest now: ada, 61 s",
    ]


def test_a_terminal_gets_a_bar(made_up: Any) -> None:
    assert isinstance(progress(Console(file=io.StringIO()), "x", Tally(1, 1)), Lines)
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    clock = Clock()
    tally = Tally(2, 1, clock)
    shown = progress(console, "Grading hw7", tally)
    assert isinstance(shown, Bar)
    with shown.shown:
        tally.begin("ada")
        clock.now = 12.0
        shown.tick()
        tally.end("ada")
        shown.done(made_up("ada"), finished=False)
        shown.now("sums", learning=True)
        tally.later, tally.compared = 3, 2
        shown.explained(made_up("ada"))
    assert isinstance(console.file, io.StringIO)
    seen = console.file.getvalue()
    for words in ("slowest now: ada, 12 s", "1/2", "5.0 a minute", "look like: sums", "known mistakes: 2 of 3"):
        assert words in seen


def test_events_are_a_line_of_json_each(made_up: Any) -> None:
    out, clock = io.StringIO(), Clock()
    tally = Tally(2, 1, clock)
    events = Events(Stream(out), tally, {"ada": ("handed in something else",)})
    tally.begin("ada")
    events.now("ada", learning=False)
    clock.now = 2.0
    tally.end("ada")
    events.done(made_up("ada", "1/2", "failed"), finished=False)
    events.now("sums", learning=True)
    events.explained(made_up("ada", "1/2", "failed"))
    events.warning("beware")
    seen = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["event"] for each in seen] == ["started", "graded", "learning", "explained", "warning"]
    assert seen[0]["again"] == ["handed in something else"]
    graded = seen[1]
    assert (graded["points"], graded["done"], graded["of"], graded["seconds_left"]) == ("1", 1, 2, 2.0)


def test_a_reader_that_went_away_stops_nothing(made_up: Any) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    Stream(Closed()).say("warning", text="nobody hears")


def test_each_of_a_class_is_counted_once(made_up: Any) -> None:
    out = io.StringIO()
    stream = Stream(out)
    standing = Standing({"bob": made_up("bob")}, {"ada": ("handed in",)}, ("dave",), resumed=("carol",))
    stream.begun("hw7_tiny", 2, standing)
    run = Run(
        [made_up("carol"), made_up("ada")],
        kept={"bob": made_up("bob")},
        left_out={"erin": ("never graded",)},
        resumed=frozenset({"carol"}),
        waiting=["dave"],
    )
    stream.ended(run, good=False)
    begun, _, ended = (json.loads(line) for line in out.getvalue().splitlines())
    assert (begun["to_grade"], begun["kept"], begun["resumed"]) == (2, 1, ["carol"])
    assert (ended["graded"], ended["resumed"], ended["kept"]) == (1, 1, 1)
    assert ended["graded"] + len(ended["not_judged"]) == begun["to_grade"]
    assert ended["left_out"] == {"erin": ["never graded"]}


@pytest.mark.documents
def test_every_event_and_field_is_documented(made_up: Any) -> None:
    out, result = io.StringIO(), made_up("ada", 0, "failed")
    stream = Stream(out)
    events = Events(stream, Tally(1, 1), {})
    stream.begun("hw7_tiny", 1, Standing({"bob": made_up("bob")}))
    events.now("ada", learning=False)
    events.done(result, finished=False)
    events.now("sums", learning=True)
    events.explained(result)
    events.warning("beware")
    stream.ended(Run([result]), good=True)
    text = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `")}
    of_a_result = next(line for line in text.splitlines() if line.startswith("Fields of a result"))
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {each["event"] for each in said} == set(rows) - {"event"}
    for each in said:
        told = rows[each["event"]] + (of_a_result if "those of a result" in rows[each["event"]] else "")
        assert [field for field in each if field not in ("event", "at") and f"`{field}`" not in told] == []
