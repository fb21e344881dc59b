"""What a notebook imports: `check` puts the public checks to what is defined there now, `as_module` hands that on."""

from __future__ import annotations

import linecache
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.text import Text

import grader
from grader.commands.public_checks import run_public_checks
from grader.course.assignment import Assignment, load_assignment, load_course
from grader.errors import CourseError, GraderError
from grader.intake import CellPlace, Submission
from grader.judge import engine
from grader.judge.left_out import LeftOut
from grader.judge.result import CheckResult
from grader.report.cell_output import COLUMNS, VERDICT, CellOutput
from grader.report.columns import in_columns
from grader.report.practice import Practice
from grader.sandbox.as_found import as_found
from grader.sandbox.live import LiveHost, View
from grader.sandbox.models import absence_of, model_folders

DEMANDED = "NBGRADER_EXECUTION"  # set by nbgrader while it grades or validates: there a failed check must raise

NOTEBOOK = "your notebook"
IMPORTED_IN = Path.cwd()  # before cells of the student's go elsewhere


@dataclass(frozen=True)
class Checked:
    """What `check` returns: true when all checks passed. Shown already, so a cell that ends with it shows no more."""

    checks: tuple[CheckResult, ...]
    refusal: str = ""  # why nothing could be checked
    left_out: LeftOut = field(default_factory=LeftOut)  # checks that need weights which are not here

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.verdict == "passed" for check in self.checks)

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        passed = sum(check.verdict == "passed" for check in self.checks)
        more = f", {len(self.left_out)} left out" if self.left_out else ""
        return self.refusal or f"{passed} of {len(self.checks)} public checks pass{more}"

    def _ipython_display_(self) -> None:
        pass


class Told(Exception):
    """An error that a notebook shows as its message alone, without the lines of ours that led to it."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class ChecksFailed(Told, AssertionError):
    """Public checks did not pass, and nbgrader wants to know."""


class NotPossible(Told, ValueError):
    """`as_module` was asked for what it cannot give."""


class Interrupted(Told, KeyboardInterrupt):
    """The student stopped the checks."""


def check(*problems: str | int, homework: str = "") -> Checked:
    """Runs the public checks of these problems (of all, if none is named) on what this notebook defines now.

        check("2")
        check("1", "2")
        check()

    The homework is the one in whose folder the notebook lies, wherever a cell went meanwhile (`%cd`), or `homework`
    ("hw0"). Whatever fails is shown and no exception is raised, so that "Run all" goes on; under nbgrader a check that
    does not pass is an AssertionError.
    """
    shell = _shell()
    output = CellOutput(shell)
    try:
        result = _checked(_homework(homework, shell), [str(problem) for problem in problems], shell, output)
    except GraderError as error:
        output.add(Text(str(error), style="red"))
        result = Checked((), str(error))
    except KeyboardInterrupt:
        raise Interrupted("the checks were stopped.") from None
    if (not result or result.left_out) and os.environ.get(DEMANDED):  # who grades so must have the weights
        raise ChecksFailed(_in_short(result))
    return result


def as_module(name: str, homework: str = "") -> ModuleType:
    """What this notebook defines, as the homework's module `name`, for code that imports it.

        multitask = as_module("multitask")
        import experiment  # whose `import multitask` finds this notebook's functions

    It is a live view: `multitask.total_loss` is what the notebook calls `total_loss` at that moment. But what other
    code took by `from multitask import total_loss` stays what it was then.
    """
    shell = _shell()
    try:
        assignment = _homework(homework, shell)
    except GraderError as error:
        raise NotPossible(str(error)) from None
    if name not in _modules(assignment):
        names = ", ".join(repr(module) for module in _modules(assignment))
        raise NotPossible(f"{assignment.name} has no module {name!r}. There is: {names}.")
    view = View(name, shell.user_ns, shell.user_ns_hidden)
    sys.modules[name] = view
    return view


def _checked(assignment: Assignment, problems: list[str], shell: Any, output: CellOutput) -> Checked:
    only = _wanted(assignment, problems)
    titles = {problem.id: problem.title for problem in assignment.problems}
    practice = Practice(titles, heading=output.add, tell=lambda text: output.add(in_columns(text, COLUMNS, VERDICT)))

    views = {name: View(name, shell.user_ns, shell.user_ns_hidden) for name in _modules(assignment)}
    cells = _executed(shell)
    host = LiveHost(
        views,
        assignment.probes,
        lambda file: f"{cells[file]}.py" if file in cells else "",
        model_folders(assignment),
    )
    with as_found(), _checks_forgotten(assignment), host.interruptible():
        try:
            result, left_out = run_public_checks(
                assignment,
                _as_submission(assignment, cells),
                lambda modules: host,
                engine.recorded(assignment),
                confinement="none: in the notebook",
                on_check=lambda check: practice.add(_for_notebook(check)),
                only=only,
                absence=absence_of(assignment),
            )
        except GraderError:
            if host.interrupted:  # pytest ends quietly then, with no result
                raise KeyboardInterrupt from None
            raise
    practice.end()
    done = Checked(tuple(map(_for_notebook, result.checks)), "" if result.checks else str(left_out), left_out)
    if done.checks:
        output.add(Text(f"\n{done!r}.", style="bold green" if done and not left_out else "bold"))
    if left_out:
        output.add(Text(str(left_out), style="yellow"))
    return done


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise NotPossible("This works inside a notebook. In a terminal run: make check")
    return shell


def _homework(name: str, shell: Any) -> Assignment:
    """The homework called `name`, or the one in whose folder we are. Raises `CourseError`."""
    places = _places(shell)
    here = places[0]
    for folder in (above for place in places for above in (place, *place.parents)) if not name else ():
        if (folder / "assignment.toml").is_file():
            return load_assignment(folder)
    try:
        course = load_course(here)
    except CourseError:
        course = load_course(Path(grader.__file__).parent)  # the one that this grader came with
    if name:
        return course.assignment(name)
    known = " or ".join(f'homework="{each}"' for each in course.names())
    raise CourseError(f"There is no homework in {here} (no assignment.toml, nor above it). Say which: {known}.")


def _places(shell: Any) -> list[Path]:
    """Where the notebook may lie: a kernel starts there, and some editors send it there before the first cell."""
    visited = shell.user_ns.get("_dh")  # by `%cd`, from the folder where the kernel was started
    began = [Path(visited[0])] if isinstance(visited, list) and visited and isinstance(visited[0], str | Path) else []
    before, now = [*began, IMPORTED_IN], [Path.cwd()]
    return [*before, *now] if hasattr(shell, "kernel") else [*now, *before]


def _wanted(assignment: Assignment, problems: list[str]) -> frozenset[str]:
    by_id = {problem.id: problem for problem in assignment.problems}
    coded = ", ".join(f'"{problem.id}"' for problem in assignment.problems if problem.kind == "code")
    for id in problems:
        if id not in by_id:
            raise CourseError(f'{assignment.name} has no problem "{id}". Problems with checks: {coded}.')
        if by_id[id].kind != "code":
            raise CourseError(f'Problem "{id}", {by_id[id].title}, is graded by hand. Problems with checks: {coded}.')
    return frozenset(problems)


def _modules(assignment: Assignment) -> list[str]:
    return [file.removesuffix(".py") for file in assignment.modules]


def _executed(shell: Any) -> dict[str, str]:
    """The cells run so far: the file name of their code objects -> "In[5]", as IPython calls them."""
    known = {name: shell.compile.format_code_name(name) for name in list(linecache.cache)}
    return {name: label[1] for name, label in known.items() if label}


def _as_submission(assignment: Assignment, cells: Mapping[str, str]) -> Submission:
    """What messages may quote: the text of each cell, as a module of its own, so that lines count within the cell."""
    modules, places = {}, {}
    for name, label in cells.items():
        lines = linecache.getlines(name)
        number = int(re.sub(r"\D", "", label) or 0)
        modules[label], places[label] = "".join(lines), (CellPlace(NOTEBOOK, number, 1, len(lines), 0),)
    for name in _modules(assignment):  # as which the probes ask for the notebook's names
        modules[name], places[name] = "", (CellPlace(NOTEBOOK, 0, 0, 0, 0),)
    return Submission.accepted("notebook", Path.cwd(), modules, (), "notebook", places)


def _for_notebook(check: CheckResult) -> CheckResult:
    """The same check, where a name that is missing may be one whose cell has not been run yet."""
    if not check.summary.startswith(f"{NOTEBOOK} has no"):
        return check
    hint = "Run the cell that defines it. The name must be spelt exactly as in the handout."
    return check.model_copy(update={"summary": check.summary[0].upper() + check.summary[1:], "hint": hint})


@contextmanager
def _checks_forgotten(assignment: Assignment) -> Iterator[None]:
    """Modules with checks are imported anew next time."""
    before = set(sys.modules)
    try:
        yield
    finally:
        folder = str(assignment.folder / "checks")
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                del sys.modules[name]


def _in_short(result: Checked) -> str:
    failed = [check for check in result.checks if check.verdict != "passed"]
    if not failed:
        return result.refusal or str(result.left_out) or "There was no check to run."
    return f"{result!r}. First: {failed[0].asked} {failed[0].verdict}: {failed[0].summary}"
