"""The reference's part of some problems: what stands in for a submission's own where it is wrong there.

It is compiled, without names of files, docstrings or anything that belongs to other problems, and goes to a worker that
is asked about other problems only (docs/decisions.md says what a submission can read there).
"""

from __future__ import annotations

import ast
import base64
import marshal
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from grader.authoring.markers import Definition, problem_of, regions
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.sandbox.replies import Given


class Substitutes:
    """Takes the parts of problems out of a homework's reference."""

    def __init__(self, assignment: Assignment) -> None:
        self._sources = assignment.sources(assignment.solution)
        self._solution = assignment.solution
        self._parts = cache(self._made)

    def of(self, problems: Collection[str]) -> Mapping[str, Given]:
        """By module: what the reference has for these problems. Modules that have nothing of them are left out.

        Raises `CourseError` where a class has something of these problems and something of others.
        """
        return self._parts(frozenset(problems))

    def _made(self, problems: frozenset[str]) -> Mapping[str, Given]:
        made = {
            module: part_of(source, problems, self._solution / f"{module}.py")
            for module, source in self._sources.items()
        }
        return {module: part for module, part in made.items() if part.names}


def part_of(source: str, problems: Collection[str], path: Path) -> Given:
    """The definitions of these problems, and what they need of the rest of a reference's module."""
    secret = regions(source, str(path))
    wanted: list[ast.stmt] = []
    helpers: dict[str, ast.stmt] = {}  # by the names that they bind: solutions of no problem of their own
    contract: list[str] = []
    for statement in ast.parse(source).body:
        of = problems_of(statement)
        if of & set(problems):
            if others := of - set(problems):
                raise CourseError(
                    f"{path}, line {statement.lineno}: this class has something of problem {min(others)} too, so it "
                    "cannot stand in for a submission's own. Give each problem classes of its own."
                )
            assert isinstance(statement, Definition)
            contract.append(statement.name)
            wanted.append(statement)
        elif any(region.begin < statement.lineno < region.end for region in secret):
            helpers |= dict.fromkeys(bound_by(statement), statement)
        elif not of:
            wanted.append(statement)  # imports, and what students are given
    needed = _with_helpers([each for each in wanted if problems_of(each)], helpers)
    chosen = sorted([*wanted, *needed], key=lambda statement: statement.lineno)
    code = compile(ast.Module(chosen, []), "<course>", "exec", dont_inherit=True, optimize=2)
    return Given(tuple(contract), base64.b64encode(marshal.dumps(code)).decode())


def problems_of(statement: ast.stmt) -> set[str]:
    """The problems that a definition, and what is in it, are of."""
    if not isinstance(statement, Definition):
        return set()
    inside = [node for node in ast.walk(statement) if isinstance(node, Definition)]
    return {problem for node in inside if (problem := problem_of(node))}


def bound_by(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module binds."""
    if isinstance(statement, Definition):
        return {statement.name}
    stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return {node.id for node in stored}


def _with_helpers(users: Iterable[ast.stmt], helpers: Mapping[str, ast.stmt]) -> list[ast.stmt]:
    """The helpers that these statements use, directly or not."""
    found: list[ast.stmt] = []
    todo = list(users)
    while todo:
        used = {node.id for node in ast.walk(todo.pop()) if isinstance(node, ast.Name)}
        new = [helper for name, helper in helpers.items() if name in used and helper not in found]
        found += new
        todo += new
    return found
