"""Verdicts: what each kind of submission, and each kind of check, comes to."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.commands.public_checks import run_public_checks
from grader.errors import CourseError, SandboxError
from grader.intake import Submission
from grader.judge import engine
from grader.judge.brief import Brief
from grader.judge.result import CheckResult, Result
from grader.judge.session import Judge
from grader.sandbox.inline import InlineHost

House = Any  # tests/conftest.py


def verdicts(checks: dict[str, Any]) -> dict[str, str]:
    return {name.removeprefix("test_"): check.verdict for name, check in checks.items()}


# ---- what students hand in -----------------------------------------------------------------------------------------


def test_the_reference_earns_everything(house: House) -> None:
    (result,) = house.judge(house.reference)
    assert result.verdict == "passed"
    assert result.points == result.max_points == Fraction(11, 2)
    assert [(p.id, p.points, p.max_points) for p in result.problems] == [
        ("1", 3, 3),
        ("2", Fraction(5, 2), Fraction(5, 2)),
        ("3", None, 4),  # graded by hand
    ]


def test_the_stub_earns_nothing_and_everything_is_missing(house: House) -> None:
    (result,) = house.judge((house.folder / "assignments/hw7_tiny/tiny.py").read_text())
    assert result.points == 0
    assert {check.verdict for check in result.checks} == {"missing"}
    twice = next(check for check in result.checks if check.id == "test_twice")
    assert twice.summary == (
        'This is not implemented yet (line 8 of tiny.py, in twice: `raise NotImplementedError("Problem 1: twice")`).'
    )


def test_a_name_that_is_missing_is_named(house: House) -> None:
    checks = house.judge_one("def mean(x):\n    return x.mean()\n")
    assert checks["test_twice"].verdict == "missing"
    assert checks["test_twice"].summary == "tiny.py has no `twice`."


def test_a_wrong_answer_loses_its_points_and_no_others(house: House) -> None:
    (result,) = house.judge(
        house.but("def mean(x):\n    if not len(x):\n        raise ValueError\n    return x.sum()\n")
    )
    assert verdicts({check.id: check for check in result.checks}) == {
        "public_twice": "passed",
        "twice": "passed",
        "twice_a_number": "passed",
        "mean": "failed",
        "mean_of_nothing": "passed",
    }
    assert result.points == 4
    assert result.verdict == "failed"


def test_a_check_whose_need_failed_is_blocked_and_says_by_what(house: House) -> None:
    checks = house.judge_one(house.but("def twice(x):\n    return x + 1.0\n"))
    assert checks["test_twice"].verdict == "failed"
    assert checks["test_mean"].verdict == "blocked"
    assert checks["test_mean"].summary == (
        "This needs problem 1 first, where this did not pass: Twice the input, in its shape."
    )
    assert checks["test_mean"].points == 0


CHAIN = """
@problem("1", points=0, visibility="public")
def test_root(ask: Ask) -> None:
    '''The root.'''
    close(ask("twice", x=np.ones(3)).value, 2 * np.ones(3), atol=1e-9)

@problem("1", points=0, visibility="public", needs=["test_root"])
def test_between(ask: Ask) -> None:
    '''Between.'''
    ask("twice", x=np.ones(3))

@problem("2", points=0, visibility="public", needs=["test_between"])
def test_end(ask: Ask) -> None:
    '''The end.'''
    ask("mean", x=np.ones(3))
"""


@pytest.mark.parametrize("only", [(), ("2",)])
def test_a_blocked_chain_names_the_check_at_its_root_also_when_only_its_end_is_asked_for(
    house: House, only: tuple[str, ...]
) -> None:
    house.checks("", CHAIN, points={"1": 1, "2": 1})
    start, wrong = engine.inline(house.assignment), house.but("def twice(x):\n    return 3 * x\n")
    reported: list[CheckResult] = []
    result, _ = run_public_checks(
        house.assignment,
        house.submission(wrong, "slip"),
        start,
        engine.answers_of(house.assignment, start),
        confinement="none: a test",
        on_check=reported.append,
        only=frozenset(only),
    )
    assert tuple(reported) == result.checks
    assert [check.id for check in reported] == (["test_end"] if only else ["test_root", "test_between", "test_end"])
    assert reported[-1].summary == "This needs problem 1 first, where this did not pass: The root."


def test_a_check_whose_need_is_missing_is_blocked_unless_it_is_missing_too(house: House) -> None:
    checks = house.judge_one(
        "import torch\n\ndef mean(x):\n    if not len(x):\n        raise ValueError\n    return 2 * x.mean()\n"
    )
    assert verdicts(checks) == {
        "public_twice": "missing",
        "twice": "missing",
        "twice_a_number": "missing",
        "mean": "blocked",
        "mean_of_nothing": "passed",
    }
    assert verdicts(house.judge_one("x = 1\n"))["mean"] == "missing"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise ValueError('no')", "Your code raised ValueError (line "),
        ("raise SystemExit", "Your code ended the program (SystemExit) (line "),
        ("exit()", "Your code ended the program (SystemExit)"),
        ("raise KeyboardInterrupt", "Your code ended the program (KeyboardInterrupt) (line "),
        ("return twice(x)", "A function called itself without end (RecursionError) (line "),
        ("assert False", "Your code raised AssertionError (line "),
        ("raise GeneratorExit", "Your code ended the program (GeneratorExit) (line "),
        ("raise StopIteration", "Your code raised StopIteration (line "),
        ("raise MemoryError", "Your code asked for more memory than the limit allows (line "),
        ("import pytest; pytest.skip('x')", "Your code raised an exception (line "),
        ("import pytest; pytest.exit('x')", "Your code raised an exception (line "),
    ],
)
def test_code_that_breaks_down_is_charged_and_nothing_else_stops(house: House, body: str, says: str) -> None:
    broken, whole = house.judge(house.but(f"def twice(x):\n    {body}\n"), house.reference)
    check = next(check for check in broken.checks if check.id == "test_twice")
    assert (check.verdict, check.points) == ("crashed", 0)
    assert check.summary.startswith(says)
    assert whole.points == whole.max_points


def test_a_syntax_error_is_told_with_its_line(house: House) -> None:
    (result,) = house.judge("def twice(x):\n    return 2 *\n")
    assert result.verdict == "invalid"
    assert result.points == 0
    assert result.max_points == Fraction(11, 2)
    assert {check.verdict for check in result.checks} == {"invalid"}
    assert result.checks[0].summary == "Python cannot read line 2 of tiny.py: invalid syntax."


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x = " + "-" * 20_000 + "1", "line 2 of tiny.py: it is nested too deeply for Python."),
        ("x = " + "+".join(["y"] * 20_000), "line 2 of tiny.py: it is nested too deeply for Python."),
        ("if y:\n pass\n" + "elif y:\n pass\n" * 20_000, "tiny.py: it is nested too deeply for Python."),
        ("x = " + "9" * 5_000, "line 2 of tiny.py: Exceeds the limit (4300 digits) for integer"),
    ],
    ids=["signs", "sum", "conditions", "number"],
)
def test_what_python_cannot_compile_is_told_like_a_syntax_error(house: House, line: str, says: str) -> None:
    (result,) = house.judge(f"y = 1\n{line}\n")
    assert {check.verdict for check in result.checks} == {"invalid"}
    assert result.checks[0].summary.startswith(f"Python cannot read {says}")
    assert ("Correct this line" in result.checks[0].hint) == ("line" in says)
    assert "memory" not in result.model_dump_json()


def beside(tiny: str, other: str) -> Submission:
    """A submission of two modules."""
    return Submission.accepted("two", Path("two"), {"tiny": tiny, "other": other}, ())


def test_a_module_that_cannot_be_compiled_costs_only_what_needs_it(house: House) -> None:
    house.probes("""
        import other

        def thrice(x):
            return other.thrice(x)
    """)
    house.checks(
        """
        @problem("1", points=1)
        def test_twice(ask):
            \"\"\"Twice.\"\"\"
            ask("twice", x=np.ones(3)).same_as_reference()

        @problem("2", points=1)
        def test_thrice(ask):
            \"\"\"Thrice.\"\"\"
            check_that(ask("thrice", x=3).value == 9, came="x", expected="9")
        """,
        points={"1": 1, "2": 1},
    )
    (house.folder / "solutions/hw7_tiny/other.py").write_text("def thrice(x): return 3 * x\n")
    description = house.folder / "assignments/hw7_tiny/assignment.toml"
    description.write_text(description.read_text().replace('["tiny.py"]', '["tiny.py", "other.py"]'))
    right = "def thrice(x): return 3 * x\n"
    whole, first, second, both = house.judge(
        beside(house.reference, right),
        beside(f"x = {'-' * 20_000}1", right),
        beside(house.reference, f"{right}x = = 1\n"),
        beside("x = = 1", "x = = 1"),
    )
    assert [[check.verdict for check in result.checks] for result in (whole, first, second, both)] == [
        ["passed", "passed"],
        ["invalid", "passed"],
        ["passed", "invalid"],
        ["invalid", "invalid"],
    ]
    assert second.checks[1].summary == "Python cannot read line 2 of other.py: invalid syntax."
    assert [check.summary.removeprefix("Python cannot read ") for check in both.checks] == [
        "line 1 of tiny.py: invalid syntax.",
        "line 1 of other.py: invalid syntax.",
    ]


def test_a_syntax_error_of_a_call_tells_nothing_beside_one_of_a_file(house: House) -> None:
    """Texts of a call may hold hidden inputs: a file that cannot be compiled does not make them fit to be told."""
    house.probes("import other\n")
    code = "def twice(x):\n    raise SyntaxError(f'x is {x.tolist()}', ('FILE', 1, 1, f'{x.tolist()}'))"
    for file in ("tiny.py", "other.py"):
        (result,) = house.judge(beside(house.but(code.replace("FILE", file)), "x = = 1"))
        check = next(check for check in result.checks if check.id == "test_twice")
        assert check.summary.startswith("Your code raised SyntaxError (line ")
        assert not check.file
        assert "x is" not in check.summary + check.hint + check.came + check.expected


@pytest.mark.parametrize(
    "fault", ["import no_such_package", "exit()", "open('no.csv')", "breakpoint()\n", "input()", "raise TypeError"]
)
def test_a_file_that_cannot_be_imported_is_one_fault_with_one_verdict(house: House, fault: str) -> None:
    house.checks(
        """
        @problem("1", points=1)
        def test_refuses(ask):
            \"\"\"Refuses words.\"\"\"
            ask.raises("TypeError", "mean", x=1)

        @problem("1", points=1)
        def test_twice(ask):
            \"\"\"Twice.\"\"\"
            ask("twice", x=np.ones(2)).same_as_reference()

        @problem("2", points=1, needs=("1",), fresh=True)
        def test_twice_again(ask):
            \"\"\"Twice.\"\"\"
            ask("twice", x=np.ones(3)).same_as_reference()
    """,
        points={"1": 2, "2": 1},
    )
    reference = "def mean(x): raise TypeError\n\n\ndef twice(x): return 2 * x\n"
    (house.folder / "solutions/hw7_tiny/tiny.py").write_text(reference)
    (result,) = house.judge(f"{reference}{fault}\n")
    assert result.verdict == "crashed"
    assert {(check.verdict, check.file, check.diagnosis) for check in result.checks} == {("crashed", "tiny.py", None)}
    assert len({check.summary for check in result.checks}) == 1
    assert result.checks[0].summary.startswith("Importing tiny.py ")


def test_a_debugger_is_told_as_one_where_an_exception_is_asked_for(house: House) -> None:
    house.checks("""
        @problem("1", points=1)
        def test_refuses(ask):
            \"\"\"Refuses words.\"\"\"
            ask.raises("TypeError", "mean", x=1)
    """)
    (house.folder / "solutions/hw7_tiny/tiny.py").write_text("def mean(x): raise TypeError\n")
    (result,) = house.judge("import bdb\n\ndef mean(x):\n    # breakpoint()\n    raise bdb.BdbQuit  # breakpoint()\n")
    assert result.verdict == "crashed"
    assert result.checks[0].summary.startswith("Your code raised BdbQuit (line 5 of tiny.py, in mean: ")


def test_a_module_that_is_not_there_costs_only_what_needs_it(house: House) -> None:
    house.probes("import other\n\n\ndef thrice(x):\n    return other.thrice(x)\n")
    house.checks(
        """
        @problem("1", points=1)
        def test_twice(ask):
            \"\"\"Twice.\"\"\"
            ask("twice", x=np.ones(3)).same_as_reference()

        @problem("2", points=1)
        def test_thrice(ask):
            \"\"\"Thrice.\"\"\"
            ask("thrice", x=3).same_as_reference()
    """,
        points={"1": 1, "2": 1},
    )
    (house.folder / "solutions/hw7_tiny/other.py").write_text("def thrice(x): return 3 * x\n")
    description = house.folder / "assignments/hw7_tiny/assignment.toml"
    description.write_text(description.read_text().replace('["tiny.py"]', '["tiny.py", "other.py"]'))
    texts, absent = {"tiny": house.reference, "other": ""}, {"other": "other.py is missing. Hand it in beside tiny.py."}
    (result,) = house.judge(Submission.accepted("half", Path("half"), texts, (), absent=absent))
    assert [(check.verdict, check.file) for check in result.checks] == [("passed", ""), ("missing", "other.py")]
    assert result.checks[1].summary == "other.py is missing. Hand it in beside tiny.py."


@pytest.mark.parametrize(
    "probe",
    ["return tiny.twise(x)", "return {tiny.twice(x)}", "return object()", "return tiny.twice(x)[0]['a']"],
    ids=["a name misspelt", "a set", "an object", "an exception"],
)
def test_a_probe_that_is_wrong_is_our_fault(house: House, probe: str) -> None:
    probes = house.folder / "assignments/hw7_tiny/probes.py"
    probes.write_text(f"import tiny\n\n\ndef wrong(x):\n    {probe}\n")
    house.checks("""
        @problem("1", points=1)
        def test_wrong(ask):
            \"\"\"Twice.\"\"\"
            ask("wrong", x=np.ones(2)).same_as_reference()
    """)
    (result,) = house.judge(house.reference)
    assert [check.verdict for check in result.checks] == ["grader_error"]


def test_an_exception_of_the_import_is_none_that_a_check_asks_for(house: House) -> None:
    house.checks("""
        @problem("1", points=1)
        def test_refuses(ask):
            \"\"\"Refuses words.\"\"\"
            ask.raises("TypeError", "mean", x=1)
    """)
    (house.folder / "solutions/hw7_tiny/tiny.py").write_text("def mean(x): raise TypeError\n")
    right, wrong = house.judge("def mean(x): raise TypeError\n", "raise TypeError\n")
    assert (right.verdict, wrong.verdict) == ("passed", "crashed")


def test_an_import_that_fails_is_told_with_its_line(house: House) -> None:
    checks = house.judge_one("import torch\nimport tensorflow\n")
    assert checks["test_twice"].verdict == "crashed"
    assert checks["test_twice"].summary == (
        "Importing tiny.py fails (line 2 of tiny.py, at the top level: `import tensorflow`): "
        "there is no module `tensorflow` here."
    )


def test_a_submission_that_could_not_be_read_gets_nothing_and_the_reason(house: House) -> None:
    unread = Submission.invalid("ada", Path("ada.zip"), "tiny.py is missing: the submission holds no files.")
    result, whole = house.judge(unread, house.reference)
    assert result.verdict == "invalid"
    assert (result.points, result.max_points) == (0, Fraction(11, 2))
    assert result.problem == "tiny.py is missing: the submission holds no files."
    assert {check.summary for check in result.checks} == {result.problem}
    assert whole.verdict == "passed"


def test_a_part_of_the_points_is_exact(house: House) -> None:
    half = "def twice(x):\n    return x if x.ndim == 0 else 2 * x\n"
    (result,) = house.judge(house.but(half))
    check = next(check for check in result.checks if check.id == "test_twice_a_number")
    assert (check.verdict, check.points, check.max_points) == ("failed", Fraction(1, 2), 1)
    assert check.summary == "This is the number itself, not twice it."
    assert result.points == Fraction(11, 2) - Fraction(1, 2) - Fraction(3, 2)  # test_mean is blocked


def test_thirds_add_up(house: House) -> None:
    house.checks(
        """
        @problem("1", points="1/3")
        def test_a(ask: Ask) -> None:
            '''A.'''

        @problem("1", points="1/3")
        def test_b(ask: Ask) -> None:
            '''B.'''

        @problem("1", points="1/3")
        def test_c(ask: Ask, credit: Credit) -> None:
            '''C.'''
            credit(Fraction(1, 7), "a seventh")
        """
    )
    (result,) = house.judge(house.reference)
    assert result.points == Fraction(2, 3) + Fraction(1, 21)


# ---- one submission after another ----------------------------------------------------------------------------------


def test_nothing_of_one_submission_reaches_the_next(house: House) -> None:
    marks = """
    import builtins, sys, torch
    builtins.twice = lambda x: 2 * x
    sys.modules["helper"] = sys.modules[__name__]
    calls = []

    def twice(x):
        calls.append(x)
        torch.manual_seed(len(calls))
        return 2 * x if len(calls) < 100 else x
    """
    thief = "from tiny import twice as before\nmean = twice = before\n"
    asks_builtins = "def mean(x):\n    return x.mean() * 2\n"
    first, stolen, missing, again = house.judge(house.but(marks), thief, asks_builtins, house.reference)
    assert first.verdict == "passed"
    assert stolen.points == 0
    assert next(check for check in missing.checks if check.id == "test_twice").verdict == "missing"
    assert again.verdict == "passed"


def test_a_lone_check_asks_each_submission_itself(house: House) -> None:
    house.checks(
        """
        @problem("1", points=1)
        def test_it(ask: Ask) -> None:
            '''It.'''
            ask("twice", x=np.ones(2)).same_as_reference()
        """
    )
    results = house.judge(house.reference, "x = 1\n", house.reference)
    assert [result.verdict for result in results] == ["passed", "missing", "passed"]


def test_the_same_submission_gets_the_same_result_in_whatever_company(house: House) -> None:
    wrong = house.but("def twice(x):\n    return x ** 2\n")

    def grades(result: Any) -> list[Any]:
        skipped = {"cpu_seconds", "wall_seconds"}
        return [check.model_dump(exclude=skipped) for check in result.checks]

    alone = grades(house.judge(wrong)[0])
    results = house.judge(wrong, house.reference, wrong, "x = 1\n", wrong)
    assert [grades(results[i]) for i in (0, 2, 4)] == [alone] * 3


def test_another_seed_asks_other_questions_but_not_in_public_checks(house: House) -> None:
    house.probes("def seen(x):\n    return x\n")
    house.checks(
        """
        @problem("1", points=1)
        def test_hidden(ask: Ask) -> None:
            '''Hidden.'''
            check_that(False, came=str(ask.rng.normal()), expected=str(ask.seed))
        """,
        """
        @problem("1", visibility="public")
        def test_public(ask: Ask) -> None:
            '''Public.'''
            check_that(False, came=str(ask.rng.normal()), expected=str(ask.seed))
        """,
    )

    def asked(seed: int) -> dict[str, tuple[str, str]]:
        (result,) = house.judge(house.reference, seed=seed)
        return {check.id: (check.came, check.expected) for check in result.checks}

    first, same, other = asked(1), asked(1), asked(2)
    assert first == same
    assert first["test_public"] == other["test_public"]
    assert first["test_hidden"][0] != other["test_hidden"][0]
    assert first["test_hidden"][1] != other["test_hidden"][1]


def test_only_some_problems(house: House) -> None:
    (result,) = house.judge(house.but("def twice(x):\n    return x\n"), only=frozenset({"2"}))
    assert [check.id for check in result.checks] == ["test_mean", "test_mean_of_nothing"]
    assert result.max_points == Fraction(5, 2)
    assert result.checks[0].verdict == "failed"  # asked, although what it needs was left out
    with pytest.raises(CourseError, match=r"hw7_tiny has no code problem '3'\. There is: 1, 2\."):
        house.judge(house.reference, only=frozenset({"3"}))  # graded by hand


class Clinging(InlineHost):
    """A process that cannot be ended."""

    def close(self) -> None:
        raise SandboxError("it is still there")


def test_a_worker_that_cannot_be_ended_leaves_one_result_and_the_next_in_its_place(house: House) -> None:
    assignment = house.assignment
    start = engine.inline(assignment)
    hosts = iter([Clinging, InlineHost])
    results: list[Result] = []
    judge = Judge(
        assignment,
        engine.answers_of(assignment, start),
        engine.environment(7, "none: a test"),
        7,
        start_host=lambda modules: next(hosts)(modules, assignment.probes),
        reference=None,
        work=lambda judged: results.extend(
            judged(Brief(house.submission(house.reference, name))).result for name in ("ada", "ben")
        ),
    )
    folders = [str(assignment.folder / "checks"), str(assignment.solution / "checks")]
    arguments = [*engine.ini_arguments(), *engine.QUIET, "--capture=no", *folders]
    pytest.main(arguments, plugins=[engine.Enlists(judge)])
    assert [(result.submission, result.verdict) for result in results] == [("ada", "grader_error"), ("ben", "passed")]
    assert "it is still there" in results[0].checks[0].detail
