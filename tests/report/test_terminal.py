"""The terminal: every verdict can be shown, and no submission can write on it."""

import io
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console

from grader.intake import Submission
from grader.judge.result import Result
from grader.judge.verdict import Verdict
from grader.report.files import write_class, write_result
from grader.report.terminal import STYLE, class_table, show, submission_page

House = Any  # tests/conftest.py


def printed(*things: Any, colour: bool = False) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=colour, color_system="standard" if colour else None)
    console.print(*things)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture
def result(house: House) -> Result:
    """A submission with a failed, a crashed, a blocked and some passed checks."""
    wrong = """
    def twice(x):
        print("hello")
        return x if x.ndim == 0 else 2 * x

    def mean(x):
        raise SystemExit("goodbye")
    """
    (judged,) = house.judge(house.but(wrong))
    assert isinstance(judged, Result)
    return judged


def with_verdict(result: Result, verdict: str) -> Result:
    checks = tuple(check.model_copy(update={"verdict": verdict, "summary": "S."}) for check in result.checks)
    return result.model_copy(update={"checks": checks})


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_has_a_look_and_can_be_shown(result: Result, verdict: str) -> None:
    assert verdict in STYLE
    one = with_verdict(result, verdict)
    table = printed(class_table([one, result]))
    if verdict != "blocked":  # never what a submission comes to
        assert verdict in table
    for staff in (True, False):
        page = printed(submission_page(one if staff else one.for_student(), staff=staff))
        assert verdict in page
        assert "Problem 1, Twice" in page
        assert ("S." in page) is (verdict != "passed")


def test_the_class_table_shows_points_and_the_first_thing_to_look_at(result: Result) -> None:
    lines = printed(class_table([result])).splitlines()
    row = next(line for line in lines if "student_0" in line)
    assert row.split()[:5] == ["student_0", "2.5", "2.5", "0", "failed"]
    assert "2: Your code ended the program (SystemExit)" in row


def test_what_was_not_graded_shows_no_points(result: Result) -> None:
    broken = with_verdict(result, "grader_error")
    row = next(line for line in printed(class_table([broken])).splitlines() if "student_0" in line)
    assert row.split()[:5] == ["student_0", "?", "?", "?", "grader_error"]
    console = Console(file=io.StringIO(), width=200)
    show(console, broken, staff=False)
    assert "not graded, by our own mistake" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_students_page_says_what_to_do_and_hides_the_rest(result: Result) -> None:
    page = printed(submission_page(result.for_student(), staff=False))
    assert "Problem 1, Twice: 2.5 of 3 points" in page
    assert "Your code ended the program (SystemExit) (line " in page
    assert "try: What is the mean of no numbers?" not in page  # that check crashed: another hint would mislead
    for hidden in ("test_twice", "SystemExit: goodbye", "expected: tensor"):
        assert hidden not in page
    staff = printed(submission_page(result, staff=True))
    for shown in ("check: test_twice", "SystemExit: goodbye"):
        assert shown in staff


def test_an_unreadable_submission_says_why(house: House) -> None:
    (unread,) = house.judge(Submission.invalid("zoe", Path("zoe.zip"), "zoe.zip is empty."))
    assert "This submission could not be read: zoe.zip is empty." in printed(submission_page(unread, staff=False))
    assert "zoe.zip is empty." in printed(class_table([unread]))


def test_an_empty_class_is_a_table_too() -> None:
    assert "submission" in printed(class_table([]))


HOSTILE = "\x1b[2J\x1b[31mred\x07 [bold]b[/bold] [/] [link=http://x]y[/link] \u202egnp.exe\u2066 \x9b31m \r100/100 \x00"
SOURCES = {
    "an exception": f"raise ValueError({HOSTILE!r})",
    "a key": f"return {{{HOSTILE!r}: 1}}",
    "a text": f"return {HOSTILE!r}",
    "a line": "raise ValueError  # \u202e [bold]b[/bold] [/] \x1b[2J",
    "output": f"print({HOSTILE!r}); return x",
    "a name": f"raise type({HOSTILE!r}, (Exception,), {{}})",
}


def test_hostile_text_stays_inert_everywhere(house: House, tmp_path: Path) -> None:
    house.checks(
        "",
        """
        @problem("1", visibility="public", points=1)
        def test_it(ask: Ask) -> None:
            '''Twice.'''
            answer = ask("twice", x=np.ones(2)).value
            assert answer == "something else"
        """,
    )
    results = house.judge(*(house.but(f"def twice(x):\n    {code}\n") for code in SOURCES.values()))
    for result in results:
        path = write_result(tmp_path, result)
        pages = [submission_page(result, staff=True), submission_page(result.for_student(), staff=False)]
        shown = printed(*pages, class_table(results))
        for text in (shown, path.read_text()):
            assert not set(text) & set("\x1b\x07\x00\r\x9b\u202e\u2066")
        assert "[bold]b[/bold]" in shown or "[/]" not in shown  # as it stands, never as markup
    write_class(tmp_path / "class.csv", results)
    assert "\x1b" not in (tmp_path / "class.csv").read_text()
    for text in (printed(submission_page(results[0], staff=True), colour=True),):
        assert "\x1b[2J" not in text
        assert "\\u001b[2J" in text


def test_hostile_names_are_no_markup(result: Result) -> None:
    named = result.model_copy(update={"submission": "[red]x[/red][/]", "notes": ("[bold]n[/bold]",), "problem": "[/]"})
    page = printed(class_table([named]), submission_page(named, staff=True))
    assert "[red]x[/red][/]" in page
    assert "Note: [bold]n[/bold]" in page
