"""A module as the cells of a notebook: its head, then one part per definition."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from grader.authoring.markers import Definition, problem_of
from grader.course.digest import HEAD, TAIL
from grader.errors import CourseError

_BANNER = re.compile(r"# ?[-=#]{20,}")


@dataclass(frozen=True)
class Part:
    """A piece of a module. `problem` is the one that its docstring names; "" for the head."""

    name: str
    problem: str
    text: str


def parts_of(source: str, file: str) -> tuple[Part, ...]:
    """The parts of a module, in order; joined, they are the module but for comments that are banners.

    The head holds everything before the first definition. What stands between two definitions belongs to the second.
    A definition whose docstring names no problem is of the problem before it. Raises `CourseError`.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{file} is not valid Python: {error}.") from None
    lines = source.splitlines()
    definitions = [node for node in tree.body if isinstance(node, Definition)]
    parts: list[Part] = []
    at, problem = 0, ""
    for node in definitions:
        if not parts:
            at = _head_end(tree, lines)
            parts.append(Part(HEAD, "", _text(lines[:at])))
        end = _end(node, lines)
        problem = problem_of(node) or problem
        parts.append(Part(node.name, problem, _text(lines[at:end])))
        at = end
    tail = Part(TAIL if parts else HEAD, problem, _text(lines[at:]))
    parts += [tail] if tail.text else []
    names = [part.name for part in parts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CourseError(f"{file}: {twice[0]} is defined twice. Give each definition its own name.")
    return tuple(parts)


def joined(parts: list[str]) -> str:
    """The module whose parts these are."""
    return "\n\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _head_end(tree: ast.Module, lines: list[str]) -> int:
    """Where the head ends: below the last statement before the first definition."""
    first = next(i for i, node in enumerate(tree.body) if isinstance(node, Definition))
    return (tree.body[first - 1].end_lineno or 0) if first else 0


def _end(node: Definition, lines: list[str]) -> int:
    """The last line of a definition, with comments that are indented into it, such as a last marker."""
    end = node.end_lineno or node.lineno
    while end < len(lines) and lines[end].startswith(" ") and lines[end].lstrip().startswith("#"):
        end += 1
    return end


def _text(lines: list[str]) -> str:
    """The lines without blank ones at the ends, and without banners: in a notebook, headings are text cells."""
    kept: list[str] = []
    in_banner = False
    for line in lines:
        if _BANNER.fullmatch(line.rstrip()):
            in_banner = True
        elif not (in_banner and line.startswith("#")):
            in_banner = False
            kept.append(line)
    return "\n".join(kept).strip("\n")
