"""The terminal: every verdict can be shown, and no submission can write on it."""

import io
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console

from grader.intake import Submission
from grader.judge.result import Diagnosis, Result
from grader.judge.verdict import MEANING, Verdict
from grader.report import saying
from grader.report.class_file import write_class
from grader.report.files import write_result
from grader.report.terminal import class_table, folded_text, show, submission_page

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
    assert verdict in MEANING
    one = with_verdict(result, verdict)  # several "missing" checks of a problem are told in one line
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


# ---- what a wrong answer looks like ------------------------------------------------------------------------------


def diagnosed(result: Result, *, shown: str = "always", **diagnosis: str) -> Result:
    """The same result with a diagnosis at each check that failed; hints included."""
    told = Diagnosis.model_validate(
        {"mutant": "halved", "says": "You halved it.", "hint": "", "shown": shown, **diagnosis}
    )
    checks = tuple(
        check.model_copy(update={"verdict": "failed", "hint": "The mean, not half of it.", "diagnosis": told})
        if check.id in ("test_twice", "test_twice_a_number")
        else check
        for check in result.checks
    )
    return result.model_copy(update={"checks": checks})


def page(result: Result, *, staff: bool = False) -> str:
    return printed(submission_page(result if staff else result.for_student(), staff=staff))


def test_a_known_mistake_is_told_with_its_own_hint_and_no_other(result: Result) -> None:
    text = page(diagnosed(result, hint="Remove the factor."))
    assert text.index("this looks like: You halved it.") < text.index("try: Remove the factor.")
    assert "The mean, not half of it." not in text  # for any mistake in this check, and so perhaps not for this one
    assert "known as" not in text


def test_a_mistake_in_two_checks_is_spelt_out_once(result: Result) -> None:
    text = page(diagnosed(result, hint="Remove the factor."))
    assert text.count("You halved it.") == text.count("Remove the factor.") == 1
    assert text.count("this looks like: the mistake named above") == 1


def test_a_difference_keeps_the_checks_own_hint(result: Result) -> None:
    text = page(diagnosed(result, mutant="", says="Your answer has the opposite sign."))
    assert "what differs: Your answer has the opposite sign." in text
    assert "this looks like" not in text
    assert "try: The mean, not half of it." in text


@pytest.mark.parametrize(
    ("shown", "before", "after"), [("always", True, True), ("after_due", False, True), ("staff", False, False)]
)
def test_a_diagnosis_is_shown_when_its_author_wants(result: Result, shown: str, before: bool, after: bool) -> None:
    secret = diagnosed(result, shown=shown, hint="Remove the factor.")
    for after_due, visible in ((False, before), (True, after)):
        student = secret.for_student(after_due=after_due)
        text = printed(submission_page(student, staff=False))
        assert ("You halved it." in text) is ("Remove the factor." in text) is visible
        assert ("halved" in student.model_dump_json()) is visible
        assert (
            "The mean, not half of it." in text
        ) is not visible  # the check's own hint, where nothing better is known
    text = page(secret, staff=True)
    assert "this looks like: You halved it." in text
    assert "known as: halved" in text
    assert ("the student is told what it looks like: " in text) is (shown != "always")


def test_the_class_table_names_the_mistake(result: Result) -> None:
    known = diagnosed(result)
    calm = tuple(check for check in known.checks if check.verdict != "crashed")
    assert "1: You halved it." in printed(class_table([known.model_copy(update={"checks": calm})]))


def alike(result: Result, **changes: Any) -> Result:
    """All checks with these fields."""
    return result.model_copy(update={"checks": tuple(check.model_copy(update=changes) for check in result.checks)})


@pytest.mark.parametrize("staff", [True, False])
@pytest.mark.parametrize("verdict", ["crashed", "timeout", "invalid", "missing"])
def test_the_fault_of_a_file_is_told_once(result: Result, verdict: str, staff: bool) -> None:
    says = "Importing tiny.py fails (line 3 of tiny.py, at the top level: `import x`)."
    one = alike(result, verdict=verdict, file="tiny.py", summary=says, hint="Do without it.", points=Fraction(0))
    page = printed(submission_page(one, staff=staff))
    assert page.count(says) == 1
    assert page.count("try: Do without it.") == 1
    of_problems = Counter(check.problem for check in one.checks)
    assert page.count("See tiny.py above.") == len(of_problems)
    assert all(f"{count} check" in page for count in of_problems.values())
    assert says in printed(class_table([one]))


def test_two_files_are_told_each(result: Result) -> None:
    first, *others = alike(result, verdict="crashed", file="a.py", summary="A fails.").checks
    others = [check.model_copy(update={"file": "b.py", "summary": "B fails."}) for check in others]
    page = printed(submission_page(result.model_copy(update={"checks": (first, *others)}), staff=False))
    assert (page.count("A fails."), page.count("B fails.")) == (1, 1)
    assert page.index("A fails.") < page.index("B fails.") < page.index("Problem 1")


def test_what_is_not_implemented_is_a_line_a_problem(result: Result) -> None:
    def stub(line: int, name: str) -> str:
        return (
            f'This is not implemented yet (line {line} of tiny.py, in {name}: `raise NotImplementedError("{name}")`).'
        )

    check = result.checks[0].model_copy(update={"verdict": "missing", "points": Fraction(0), "diagnosis": None})
    checks = [check.model_copy(update={"summary": stub(*place)}) for place in [(3, "f"), (3, "f"), (9, "g")]]
    (line,) = folded_text(checks)
    assert "3 checks: Not implemented yet (line 3 of tiny.py, in f; line 9 of tiny.py, in g)." in line.plain
    (line,) = folded_text([check.model_copy(update={"summary": "tiny.py has no `f`.", "hint": "Spell it."})] * 2)
    assert "2 checks: tiny.py has no `f`." in line.plain
    assert line.plain.count("try: Spell it.") == 1


WARNED = "/x/torch/nn.py:512: UserWarning: Using a target size.\n  return f(x)\n"


@pytest.mark.parametrize(
    ("output", "printed_", "warned"),
    [
        ("hello\n", "hello", ""),
        (WARNED, "", WARNED),
        (f"a\n{WARNED}b\n", "a\nb", WARNED),
        ("tiny.py:3: RuntimeWarning: divide by zero\n", "", "tiny.py:3: RuntimeWarning: divide by zero\n"),
        (
            "[W1130 10:00:00 x.cpp:3] Warning: old (function f)\n",
            "",
            "[W1130 10:00:00 x.cpp:3] Warning: old (function f)\n",
        ),
        ("Warning: loss is 3\n", "Warning: loss is 3", ""),
    ],
)
def test_warnings_of_libraries_are_not_what_the_student_printed(output: str, printed_: str, warned: str) -> None:
    assert {line.label: line.text for line in saying.printed(output)} == {
        "you printed: ": printed_,
        "a library warned: ": warned,
    }
