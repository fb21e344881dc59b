"""Known solutions as overlays: a file that holds only what differs from the reference makes a module with it.

Alternatives and mistakes in other styles are written so: they show other people's style, function by function. A mutant
says only which lines differ (`mutant.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from grader.errors import CourseError

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Edit:
    """Lines `start` up to (not including) `end` become `text`. Lines count from 0; start == end inserts."""

    start: int
    end: int
    text: list[str]


def compose(reference_source: str, overlay_source: str) -> str:
    """The reference with the overlay's definitions in place of its own of the same name.

    A top-level function replaces the function; of a class that the reference has, only the methods are replaced, and
    other members are added at its end (the class's header and everything else in it stay the reference's). Imports go
    to the top of the module, below its docstring. Any other statement goes before the definition that follows it in the
    overlay, or to the end. The overlay's docstring is left out. Raises `CourseError` when either is not valid Python.
    """
    reference, overlay = _parse(reference_source, "the reference"), _parse(overlay_source, "an overlay")
    lines, new = reference_source.splitlines(), overlay_source.splitlines()
    there = {node.name: node for node in reference.body if isinstance(node, DEFINITIONS)}
    statements = overlay.body[1:] if ast.get_docstring(overlay) is not None else overlay.body
    imports = [node for node in statements if isinstance(node, (ast.Import, ast.ImportFrom))]
    imports.sort(key=lambda node: not _from_future(node))
    top = _below_docstring(reference)
    edits = [Edit(top, top, [line for node in imports for line in _text(node, new)])]

    waiting: list[str] = []
    for node in statements:
        if node in imports:
            continue
        if not (isinstance(node, DEFINITIONS) and node.name in there):
            waiting += [*_text(node, new), ""]
            continue
        old = there[node.name]
        edits.append(Edit(_start(old), _start(old), waiting))
        waiting = []
        if isinstance(node, ast.ClassDef) and isinstance(old, ast.ClassDef):
            edits += _method_edits(old, node, lines, new)
        else:
            edits.append(_replacing(old, node, lines, new))
    edits.append(Edit(len(lines), len(lines), waiting))

    composed = applied(reference_source, edits)
    _parse(composed, "the reference with an overlay")
    return composed


def applied(source: str, edits: Iterable[Edit]) -> str:
    """The source after edits that do not overlap."""
    lines = source.splitlines()
    # From below, so that the lines above keep their numbers.
    for edit in reversed(sorted(edits, key=lambda edit: (edit.start, edit.end))):
        lines[edit.start : edit.end] = edit.text
    return "\n".join(lines) + "\n"


def span(node: Definition, lines: list[str]) -> tuple[int, int]:
    """The lines of a definition, from its decorators to its last comment; the second number is not of them."""
    return _start(node), _end_with_comments(node, lines)


def _method_edits(old: ast.ClassDef, overlay: ast.ClassDef, lines: list[str], new: list[str]) -> list[Edit]:
    """What makes the reference's class into the overlay's."""
    methods = {node.name: node for node in old.body if isinstance(node, DEFINITIONS)}
    edits, added = [], list[str]()
    for node in overlay.body:
        if isinstance(node, DEFINITIONS) and node.name in methods:
            edits.append(_replacing(methods[node.name], node, lines, new))
        elif not _is_docstring(node):
            added += ["", *_text(node, new)]
    end = _end_with_comments(old, lines)
    return [*edits, Edit(end, end, added)]


def _replacing(old: Definition, node: ast.stmt, lines: list[str], new: list[str]) -> Edit:
    return Edit(*span(old, lines), _text(node, new))


def _text(node: ast.stmt, lines: list[str]) -> list[str]:
    return lines[_start(node) : _end(node)]


def _start(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, DEFINITIONS) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1


def _end(node: ast.stmt) -> int:
    assert node.end_lineno is not None  # ast.parse sets it
    return node.end_lineno


def _end_with_comments(node: Definition, lines: list[str]) -> int:
    """Where a definition ends if comments that are indented into it count too, such as a last `### END SOLUTION`."""
    end, indented = _end(node), " " * (node.col_offset + 1)
    while end < len(lines) and lines[end].startswith(indented) and lines[end].lstrip().startswith("#"):
        end += 1
    return end


def _below_docstring(module: ast.Module) -> int:
    """The line where imports may be added: `from __future__` must stay the first of them."""
    head = [node for node in module.body if _from_future(node)] or module.body[: ast.get_docstring(module) is not None]
    return _end(head[-1]) if head else 0


def _from_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _parse(source: str, what: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise CourseError(f"{what} is not valid Python{f' (line {line})' if line else ''}: {error}.") from None
