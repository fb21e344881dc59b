"""What a student reads when their code gave no answer, and what nobody may learn from it."""

import sys
from dataclasses import replace
from typing import Any

import pytest

from grader.errors import GraderError
from grader.intake import CellPlace
from grader.judge.fault import fault
from grader.judge.quote import Quotes
from grader.judge.verdict import CheckEnded
from grader.sandbox.replies import OUTCOMES, Frame, Raised, Reply

House = Any  # tests/conftest.py

SOURCE = """def total_loss(losses, weights):
    return losses @ weights

class Net:
    def forward(self, users, items):
        return users

class NoConvergence(Exception): ...
"""
PROBES = "import multitask\n\ndef total_loss(losses, weights):\n    return multitask.total_loss(losses, weights)\n"
QUOTES = Quotes({"multitask": SOURCE}, PROBES)
SECRET = "0.31415926"

OWN = Frame("multitask.py", 2, "total_loss", f"forged {SECRET}", ours=False)
PROBE = Frame("<probes>/probes.py", 4, "total_loss", f"forged {SECRET}", ours=True)
ERROR = Raised("ValueError", ("ValueError", "Exception"), f"bad {SECRET}", "", (PROBE, OWN))


NOTEBOOK = Quotes(
    {"multitask": SOURCE},
    PROBES,
    {"multitask": (CellPlace("hw0.ipynb", 7, 1, 2, -2), CellPlace("hw0.ipynb", 9, 4, 8, 3))},
)


def told(outcome: str, raised: Raised | None = ERROR, **others: Any) -> CheckEnded:
    return fault(Reply(outcome, raised=raised, **others), "total_loss", QUOTES)


@pytest.mark.parametrize(
    ("outcome", "raised", "detail", "verdict", "summary"),
    [
        (
            "raised",
            ERROR,
            "",
            "crashed",
            "Your code raised ValueError (line 2 of multitask.py, in total_loss: `return losses @ weights`).",
        ),
        (
            "raised",
            replace(ERROR, frames=(PROBE,)),
            "",
            "failed",
            "What your code returned could not be used (ValueError in the probe's line "
            "`return multitask.total_loss(losses, weights)`).",
        ),
        (
            "not_implemented",
            ERROR,
            "",
            "missing",
            "This is not implemented yet (line 2 of multitask.py, in total_loss: `return losses @ weights`).",
        ),
        (
            "missing_name",
            replace(ERROR, name="multitask.total_loss"),
            "",
            "missing",
            "multitask.py has no `total_loss`.",
        ),
        (
            "bad_signature",
            replace(ERROR, message="total_loss() missing 1 required positional argument: 'weights'", frames=(PROBE,)),
            "",
            "crashed",
            "A function could not be called as the handout says: total_loss() missing 1 required positional argument: "
            "'weights'. Yours is `def total_loss(losses, weights)`.",
        ),
        (
            "bad_signature",
            replace(ERROR, message="Net.forward() takes 2 positional arguments but 3 were given", frames=(PROBE,)),
            "",
            "crashed",
            "A function could not be called as the handout says: Net.forward() takes 2 positional arguments but 3 were "
            "given. Yours is `def forward(self, users, items)`.",
        ),
        (
            "syntax_error",
            Raised(
                "SyntaxError",
                (),
                "'(' was never closed (multitask.py, line 1)",
                "",
                (Frame("multitask.py", 1, "", "", ours=False),),
            ),
            "",
            "invalid",
            "Python cannot read line 1 of multitask.py: '(' was never closed.",
        ),
        (
            "recursion",
            ERROR,
            "",
            "crashed",
            "A function called itself without end (RecursionError) (line 2 of multitask.py, in total_loss: "
            "`return losses @ weights`).",
        ),
        (
            "out_of_memory",
            ERROR,
            "",
            "crashed",
            "Your code asked for more memory than the limit allows (line 2 of multitask.py, in total_loss: "
            "`return losses @ weights`).",
        ),
        (
            "memory_limit",
            None,
            "killed when it held 1,500 MB",
            "crashed",
            "Your code asked for more memory than the limit allows.",
        ),
        (
            "exited",
            replace(ERROR, type="SystemExit"),
            "",
            "crashed",
            "Your code ended the program (SystemExit) (line 2 of multitask.py, in total_loss: "
            "`return losses @ weights`).",
        ),
        (
            "unsendable",
            replace(ERROR, message="a value of type set cannot be sent"),
            "a value of type set cannot be sent",
            "failed",
            "What your function returned cannot be used as an answer.",
        ),
        (
            "cpu_limit",
            None,
            "stopped after 5 s of CPU time",
            "timeout",
            "Your code was stopped after 5 s of computing.",
        ),
        (
            "cpu_limit",
            replace(ERROR, type="Stopped", bases=("Stopped",), message=""),
            "stopped after 5 s of CPU time",
            "timeout",
            "Your code was stopped after 5 s of computing (line 2 of multitask.py, in total_loss: "
            "`return losses @ weights`).",
        ),
        ("wall_limit", None, "", "timeout", "Your code was stopped after waiting for 30 s."),
        (
            "budget",
            None,
            "",
            "timeout",
            "There was no computing time left for this check: checks before it had used it up.",
        ),
        ("died", None, "killed by SIGSEGV", "crashed", "The Python process that ran your code was killed by SIGSEGV."),
        ("died", None, "exited with status 31", "crashed", "The Python process that ran your code ended."),
        (
            "protocol",
            None,
            "",
            "crashed",
            "Your code disturbed the process that runs it: what came back was no answer to the question.",
        ),
    ],
)
def test_each_end_has_words_of_its_own(
    outcome: str, raised: Raised | None, detail: str, verdict: str, summary: str
) -> None:
    ended = told(outcome, raised, detail=detail, cpu_s=5.0, wall_s=30.0)
    assert (ended.verdict, ended.summary, ended.credit) == (verdict, summary, 0)


@pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome not in ("returned", "no_probe")])
@pytest.mark.parametrize("raised", [ERROR, None, replace(ERROR, frames=()), replace(ERROR, frames=(PROBE,))])
def test_every_end_is_the_students_and_helps_without_a_secret(outcome: str, raised: Raised | None) -> None:
    if outcome == "syntax_error":  # happens while the file is read, before there is any input
        raised = raised and replace(raised, message="invalid syntax")
    ended = told(outcome, raised, detail=f"detail {SECRET}", output=f"printed {SECRET}")
    assert ended.verdict in ("failed", "missing", "crashed", "timeout", "invalid")
    assert SECRET not in ended.summary + ended.hint
    assert ended.summary.endswith((".", "?"))
    assert "None" not in ended.summary
    if outcome not in ("raised", "bad_signature", "not_imported"):
        assert ended.hint.endswith(".")


@pytest.mark.parametrize("outcome", ["no_probe", "returned", "something new"])
def test_a_question_that_we_put_wrongly_is_our_fault(outcome: str) -> None:
    with pytest.raises(GraderError):
        told(outcome, None)


@pytest.mark.parametrize(
    ("raised", "named"),
    [
        (Raised(f"E{SECRET}", (f"E{SECRET}", "KeyError", "Exception"), "", "", ()), "KeyError"),
        (
            Raised("NoConvergence", ("NoConvergence", "Exception"), "", "", ()),
            "an exception of your own",
        ),  # its name could be any
        (Raised("OutOfMemoryError", (), "", "", ()), "OutOfMemoryError"),
        (Raised("ZZ31415926", ("ZZ31415926",), "", "", ()), "an exception"),
    ],
)
def test_an_exception_is_called_by_a_name_that_everybody_knows(raised: Raised, named: str) -> None:
    assert told("raised", raised).summary == f"Your code raised {named}."


# ---- through a real worker: code that tries to carry a hidden input out --------------------------------------------

LEAKS = {
    "the text of an exception": "raise ValueError(f'x is {x.item()}')",
    "a text that looks like a wrong call": "raise TypeError(f'argument {x.item()}')",
    "a wrong call from nowhere": (
        "code = 'def f(x): raise TypeError(f\"f() got an unexpected keyword argument {x.item()!r}\")'; "
        "exec(compile(code, '?', 'exec'), globals()); return f(x)"
    ),
    "the name of a type": "raise type(f'E{x.item()}', (ValueError,), {})()",
    "a name that is missing": "raise AttributeError(name=f'n{x.item()}', obj=__import__('sys').modules['tiny'])",
    "a syntax error": "raise SyntaxError(f'x is {x.item()}', ('tiny.py', 1, 1, f'{x.item()}'))",
    "the line of a traceback": (
        "import linecache; linecache.cache['tiny.py'] = (1, None, [f'{x.item()}\\n'] * 99, 'tiny.py'); raise ValueError"
    ),
    "the name of a function": (
        "exec(compile('\\n' * 9 + f'def a(): raise ValueError', 'tiny.py', 'exec'), globals()); "
        "a.__code__ = a.__code__.replace(co_name=f'n{x.item()}'); a()"
    ),
    "a key": "return {f'k{x.item()}': 1}",
    "a value": "return [x.item()]",
    "what cannot be sent": "return type(f'T{x.item()}', (), {})()",
    "not implemented": "raise NotImplementedError(f'{x.item()}')",
    "a program's end": "raise SystemExit(f'{x.item()}')",
    "memory": "raise MemoryError(f'{x.item()}')",
    "an assertion": "assert x.item() == 0, x.item()",
}


def test_no_hidden_input_gets_out_whatever_the_code_raises(house: House) -> None:
    house.checks(
        """
        @problem("1", points=1)
        def test_it(ask: Ask) -> None:
            '''Twice a number.'''
            ask("twice", x=np.array(0.31415926)).same_as_reference(hint="Think again.")
        """
    )
    results = house.judge(*(house.but(f"def twice(x):\n    {code}\n") for code in LEAKS.values()))
    assert len(results) == len(LEAKS)
    for way, result in zip(LEAKS, results, strict=True):
        (check,) = result.checks
        assert check.verdict in ("failed", "crashed", "missing"), way
        assert check.points == 0, way
        shown = check.for_student(after_due=True).model_dump_json()
        assert "3141" not in shown, f"{way}: {check.summary}"
        assert "6283" not in shown, f"{way}: {check.summary}"  # the expected value
        assert check.summary, way
    seen_by_staff = "".join(result.model_dump_json() for result in results)
    assert "x is 0.31415926" in seen_by_staff


def test_a_student_sees_all_of_it_in_a_public_check(house: House) -> None:
    house.checks(
        "",
        """
        @problem("1", visibility="public", points=1)
        def test_it(ask: Ask) -> None:
            '''Twice a number.'''
            ask("twice", x=np.array(0.25)).same_as_reference()
        """,
    )
    (result,) = house.judge(house.but("def twice(x):\n    raise ValueError(f'x is {x.item()}')\n"))
    (check,) = result.for_student().checks
    assert "ValueError: x is 0.25" in check.detail


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (
            "def twice():\n    return 2\n",
            "twice() takes 0 positional arguments but 1 was given. Yours is `def twice()`.",
        ),
        (
            "def twice(x, y):\n    return 2\n",
            "twice() missing 1 required positional argument: 'y'. Yours is `def twice(x, y)`.",
        ),
        ("def twice(x, *, scale):\n    return 2\n", "twice() missing 1 required keyword-only argument: 'scale'."),
        ("def twice(x,\n          y):\n    return 2\n", "Yours is `def twice(x, y)`."),
    ],
)
def test_a_call_that_does_not_fit_says_how_the_function_is_defined(house: House, function: str, says: str) -> None:
    check = house.judge_one("import torch\n\n" + function)["test_twice"]
    assert check.verdict == "crashed"
    assert says in check.summary
    assert check.hint == "Keep the stub's parameter names and their order."


def test_a_type_error_of_the_students_own_is_no_wrong_call(house: House) -> None:
    check = house.judge_one(house.but("def twice(x):\n    raise TypeError(f'argument {x}')\n"))["test_twice"]
    assert check.summary.startswith("Your code raised TypeError (line ")
    assert check.summary.endswith("in twice: `raise TypeError(f'argument {x}')`).")


@pytest.mark.parametrize(
    ("outcome", "line", "summary"),
    [
        (
            "raised",
            2,
            "Your code raised ValueError (cell 7 of hw0.ipynb, line 4, in total_loss: `return losses @ weights`).",
        ),
        (
            "raised",
            6,
            "Your code raised ValueError (cell 9 of hw0.ipynb, line 3, in forward: `return users`).",
        ),
        ("syntax_error", 4, "Python cannot read cell 9 of hw0.ipynb, line 1: invalid syntax."),
        ("syntax_error", 3, "Python cannot read line 3 of multitask.py: invalid syntax."),
        ("missing_name", 1, "hw0.ipynb has no `total_loss`."),
    ],
)
def test_in_a_notebook_the_cell_is_named(outcome: str, line: int, summary: str) -> None:
    raised = replace(
        ERROR, message="invalid syntax", name="multitask.total_loss", frames=(PROBE, replace(OWN, line=line))
    )
    assert fault(Reply(outcome, raised=raised), "total_loss", NOTEBOOK).summary == summary


@pytest.mark.parametrize("message", ["f-string: expecting '}'", "invalid syntax", "expected ':'"])
def test_a_line_that_only_a_newer_python_reads_is_told_with_the_version_that_reads_it(message: str) -> None:
    raised = Raised("SyntaxError", (), message, "", (Frame("multitask.py", 1, "", "", ours=False),))
    ended = fault(Reply("syntax_error", raised=raised), "total_loss", QUOTES)
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    assert ended.hint.startswith(
        f"Correct this line. {version} reads it here: if your Python accepts it, it may need a"
    )
    assert "run the file" not in ended.hint
