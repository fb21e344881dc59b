"""Work that does nothing: where a stub has something to write, each function gives back what costs no thought.

It computes nothing that was asked for, so whatever it earns is a gift of our checks: such as half a point for leaving
alone what it is given.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from grader.authoring.markers import Definition
from grader.course.assignment import Assignment
from grader.judge.specimen import Specimen

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _its_first_argument(function: Function) -> str:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return next((name for name in names if name != "self"), "None")


GIVES: dict[str, Callable[[Function], str]] = {
    "nothing": lambda function: "None",
    "its_first_argument": _its_first_argument,
    "zero": lambda function: "__import__('torch').zeros(())",
    "an_empty_list": lambda function: "[]",
}


def idle(assignment: Assignment) -> list[Specimen]:
    """The stub with each thing of `GIVES` returned where it says that something is to be written."""
    stub = assignment.sources(assignment.folder)
    return [
        Specimen(f"gives_{name}", "idle", {module: _idle(text, gives) for module, text in stub.items()})
        for name, gives in GIVES.items()
    ]


def _idle(stub: str, gives: Callable[[Function], str]) -> str:
    lines = stub.splitlines()
    for function, node in _unwritten(ast.parse(stub)):
        value = "None" if function.name == "__init__" else gives(function)
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        lines[first:last] = [f"{lines[first][: node.col_offset]}return {value}", *[""] * (last - first - 1)]
    return "\n".join(lines) + "\n"


def _unwritten(tree: ast.AST, inside: Function | None = None) -> Iterator[tuple[Function, ast.Raise]]:
    """Each `raise NotImplementedError(...)`, and the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Raise) and inside and "NotImplementedError" in ast.unparse(node):
            yield inside, node
        around = node if isinstance(node, Function) else None if isinstance(node, Definition) else inside
        yield from _unwritten(node, around)
