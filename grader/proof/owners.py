"""Whose problem a place in the reference is: what a change there may cost."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.authoring.markers import Definition, problem_of
from grader.judge.substitutes import bound_by, problems_of


def owners(source: str, line: int) -> frozenset[str]:
    """The problems that a line of a module is of: those of the definition around it that names one.

    What names none, such as a function that only the solution has, is of all problems whose definitions use it.
    """
    top = ast.parse(source).body
    around = next((each for each in top if each.lineno <= line <= (each.end_lineno or line)), None)
    if around is None:
        return frozenset()
    named = [
        problem
        for node in ast.walk(around)
        if isinstance(node, Definition) and node.lineno <= line <= (node.end_lineno or line)
        if (problem := problem_of(node))
    ]
    if named:
        return frozenset({named[-1]})  # the innermost comes last
    return frozenset(problem for user in _users(around, top) for problem in problems_of(user))


def _users(used: ast.stmt, top: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statement, and all at the top of its module that use it, directly or not."""
    found = [used]
    for one in found:  # grows
        names = bound_by(one)
        found += [
            each
            for each in top
            if each not in found and any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(each))
        ]
    return found
