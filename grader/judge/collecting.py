"""The checks of a session: what their authors marked them with, what they need, and in which order they are put."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest

from grader.course.assignment import DESCRIPTION, Assignment
from grader.errors import CourseError
from grader.judge.below import basis_of
from grader.judge.left_out import LeftOut
from grader.judge.manner import GRADES, Manner
from grader.judge.problem import Check, needed


@dataclass(frozen=True)
class Wish:
    """Which checks a session is about. `only` limits it to some problems. Without `demand_points`, as in practice, the
    checks need not add up to a problem's points. What needs weights for which `absence` has a reason is left out."""

    assignment: Assignment
    only: frozenset[str] = frozenset()
    demand_points: bool = True
    absence: Callable[[str], str] = lambda name: ""
    manner: Manner = GRADES


@dataclass(frozen=True)
class Collected:
    """The checks that are put: `items` each after what it needs, `checks` and `titles` by name as results have them."""

    items: tuple[pytest.Item, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    basis_of: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of each problem, what it builds on
    below_asked: frozenset[str] = frozenset()  # checks that are put, and of which nothing is told
    left_out: LeftOut = field(default_factory=LeftOut)

    def of_problem(self, problem: str) -> frozenset[str]:
        """The names of a problem's checks."""
        return frozenset(name for name, check in self.checks.items() if check.problem == problem)

    def basis(self, names: Iterable[str]) -> frozenset[str]:
        """These checks, and all that they need, directly or not."""
        found, todo = set[str](), list(names)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += [each for need in self.checks[name].needs for each in needed(need, self.checks)]
        return frozenset(found)

    def kept(self, keeps: Callable[[pytest.Item], bool]) -> Collected:
        """Only some of these; results have them in the order in which they are put."""
        items = tuple(item for item in self.items if keeps(item))
        return replace(self, items=items, checks={item.name: self.checks[item.name] for item in items})


class Collecting:
    """Collects once a session. `complaints` says why checks could not be collected."""

    def __init__(self, wish: Wish) -> None:
        self.collected, self.complaints = Collected(), list[str]()
        self._wish = wish

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        try:
            self.collected = collect(items, self._wish)
        except CourseError as error:
            raise pytest.UsageError(str(error)) from None
        items[:] = self.collected.items

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.complaints.append(f"{report.nodeid}: {report.longreprtext[-4000:]}")


def collect(items: Iterable[pytest.Item], wish: Wish) -> Collected:
    """Reads the checks' marks, and chooses and orders those to put. Raises `CourseError`."""
    every = _read(items)
    validate(wish.assignment, every.checks, demand_points=wish.demand_points)
    order = ordered(every.checks)
    by_need = tuple(sorted(every.items, key=lambda item: order.index(item.name)))
    found = _without_weights(_limited(replace(every, items=by_need, basis_of=basis_of(every.checks)), wish), wish)
    if wish.manner.takes is not None:
        found = found.kept(wish.manner.takes)
    if wish.manner.nothing and not found.items:
        raise CourseError(f"{wish.assignment.name}: {wish.manner.nothing}")
    return found


def _read(items: Iterable[pytest.Item]) -> Collected:
    """All checks as they stand in the files."""
    found, checks, titles = tuple(items), dict[str, Check](), dict[str, str]()
    for item in found:
        mark = item.get_closest_marker("problem")
        if mark is None or not isinstance(mark.args[0] if mark.args else None, Check):
            raise CourseError(f"{item.nodeid}: a check needs @problem(...) of grader.judge.")
        if item.name in checks:
            raise CourseError(f"{item.nodeid}: another check is called {item.name}; give each its own name.")
        doc = (getattr(item, "function", item).__doc__ or "").strip()
        if not doc:
            raise CourseError(f"{item.nodeid}: a check needs a docstring: the line that the student sees.")
        checks[item.name], titles[item.name] = mark.args[0], doc.splitlines()[0]
    return Collected(found, checks, titles)


def _limited(every: Collected, wish: Wish) -> Collected:
    """The checks of the problems that are asked about."""
    code = [problem.id for problem in wish.assignment.problems if problem.kind == "code"]
    if unknown := wish.only - set(code):
        there = ", ".join(code)
        raise CourseError(f"{wish.assignment.name} has no code problem {sorted(unknown)[0]!r}. There is: {there}.")
    if not wish.only:
        return every
    asked = {name for name, check in every.checks.items() if check.problem in wish.only}
    # In practice what they build on is put, too: whoever has to mend something else first is told so.
    below = frozenset() if wish.demand_points else every.basis(asked) - asked
    return replace(every.kept(lambda item: item.name in asked | below), below_asked=below)


def _without_weights(found: Collected, wish: Wish) -> Collected:
    """Without the checks whose weights are not here."""
    left_out = LeftOut.of(found.items, found.checks, found.titles, wish.absence)
    items = tuple(item for item in found.items if item.name not in left_out.names)
    checks = {name: check for name, check in found.checks.items() if name not in left_out.names}
    return replace(found, items=items, checks=checks, left_out=left_out)


def validate(assignment: Assignment, checks: Mapping[str, Check], *, demand_points: bool) -> None:
    """Raises `CourseError` when checks name unknown problems or needs, or do not add up to a problem's points."""
    code = {problem.id: problem for problem in assignment.problems if problem.kind == "code"}
    for name, check in checks.items():
        if check.problem not in code:
            raise CourseError(
                f"{name} is a check of problem {check.problem!r}, but {assignment.name} has no such code problem."
            )
        known = [each.name for each in assignment.preload.weights] if assignment.preload else []
        if unknown := [each for each in check.weights if each not in known]:
            raise CourseError(
                f"{name} needs the weights {unknown[0]!r}, which are not in [[preload.weights]] of "
                f"{assignment.folder / DESCRIPTION}. There is: {', '.join(known) or 'nothing'}."
            )
        for need in check.needs:
            if not needed(need, checks) and demand_points:
                raise CourseError(f"{name} needs {need!r}, which is neither a check nor a problem with checks.")
    for id, problem in code.items():
        points = sum((check.points for check in checks.values() if check.problem == id), Fraction(0))
        if demand_points and points != problem.points:
            raise CourseError(
                f"The checks of problem {id} add up to {points} points; assignment.toml says {problem.points}."
            )


def ordered(checks: Mapping[str, Check]) -> list[str]:
    """Each check after those it needs, otherwise in the order of the files. Raises `CourseError` for a cycle."""
    order: list[str] = []
    visiting: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in visiting:
            raise CourseError(f"Checks need each other in a circle: {' -> '.join([*visiting, name])}.")
        visiting.append(name)
        for need in checks[name].needs:
            for other in needed(need, checks):
                if other != name:
                    visit(other)
        visiting.pop()
        order.append(name)

    for name in checks:
        visit(name)
    return order
