"""Solution markers: which lines of a reference are the solution, and what students get in their place.

    ### BEGIN SOLUTION
    ### STUB: return None      (none, one or more such lines: what takes the region's place)
    ...the solution...
    ### END SOLUTION

Without `### STUB:` lines, students get `raise NotImplementedError("Problem <number>: <function>")`. `### STUB:` with
nothing after it leaves an empty line, and as the only one it leaves nothing.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from grader.errors import CourseError

BEGIN, END, STUB = "### BEGIN SOLUTION", "### END SOLUTION", "### STUB:"
# Whatever looks as if it were meant as a marker must be one: a misspelt marker would hand out the solution.
_MEANT = re.compile(r"#+\s*(begin|end)[\s_-]*(solutions?|hidden\s+tests?)\b|##+\s*stub\s*:", re.IGNORECASE)
_PROBLEM = re.compile(r"Problem (\w+)\.")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class MarkerError(CourseError):
    """A marker that would hand out too much or too little. The message names file and line."""

    def __init__(self, file: str, line: int, fault: str) -> None:
        super().__init__(f"{file}, line {line}: {fault}")


@dataclass(frozen=True)
class Region:
    """One solution: the lines of its markers, counted from 1, and where in the module it stands.

    `stub` holds the lines that replace it, None for the default. `function` is the qualified name of the function
    around it ("" at the top level), and `problem` the problem that the function's docstring names ("" if none).
    """

    begin: int
    end: int
    indent: str
    stub: tuple[str, ...] | None
    function: str
    problem: str


def regions(source: str, file: str) -> tuple[Region, ...]:
    """The solutions in a reference module, from top to bottom. Raises `MarkerError` for what is not quite right."""
    lines = source.splitlines()
    tree = _parse(source, file)
    found = []
    begin: int | None = None
    stubs: list[int] = []
    for line, kind in _markers(source, file):
        if kind == BEGIN:
            if begin is not None:
                raise MarkerError(file, line, f"{BEGIN} inside the region that begins at line {begin}. End that first.")
            begin, stubs = line, []
        elif kind == STUB:
            if begin is None:
                raise MarkerError(file, line, f"{STUB} outside a region. Put it right below {BEGIN}.")
            if line != begin + len(stubs) + 1:
                raise MarkerError(file, line, f"{STUB} lines come right below {BEGIN}, before the solution.")
            stubs.append(line)
        else:
            if begin is None:
                raise MarkerError(file, line, f"{END} without a {BEGIN} above it.")
            found.append(_region(lines, tree, file, begin, line, stubs))
            begin = None
    if begin is not None:
        raise MarkerError(file, begin, f"{BEGIN} without an {END} below it.")
    _one_default_each(found, file)
    return tuple(found)


def solved(source: str) -> str:
    """The reference as a student would hand it in: without the lines of markers."""
    kept = [line for line in source.splitlines() if not line.strip().startswith((BEGIN, END, STUB))]
    return "\n".join(kept) + "\n"


def _markers(source: str, file: str) -> Iterator[tuple[int, str]]:
    """Line and kind of each marker."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and _MEANT.match(token.string):
            yield token.start[0], _kind(token, file)
        elif token.type in _STRINGS:
            for offset, text in enumerate(token.string.splitlines()):
                if _MEANT.match(text.strip(" \t\"'")):
                    raise MarkerError(
                        file, token.start[0] + offset, "a marker inside a text marks nothing. Move it out of the text."
                    )


_STRINGS = (tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING))  # the second from Python 3.12 on


def _kind(token: tokenize.TokenInfo, file: str) -> str:
    line, comment = token.start[0], token.string.rstrip()
    if re.search(r"hidden\s+tests?", comment, re.IGNORECASE):
        raise MarkerError(
            file, line, "hidden tests do not live in a module. Write a check in the checks/ folder of the solution."
        )
    kind = STUB if comment.startswith(STUB) else comment
    if kind not in (BEGIN, END, STUB):
        raise MarkerError(file, line, f"`{comment}` is not a marker. Write {BEGIN}, {END} or {STUB} exactly so.")
    if token.line[: token.start[1]].strip():
        raise MarkerError(file, line, f"{kind} needs a line of its own.")
    return kind


def _region(lines: list[str], tree: ast.Module, file: str, begin: int, end: int, stubs: list[int]) -> Region:
    """One region, once it is certain that it can be taken out without hurting what stands around it."""
    indent = _indent(lines[begin - 1])
    if _indent(lines[end - 1]) != indent:
        raise MarkerError(file, end, f"{END} is indented differently from its {BEGIN} at line {begin}.")
    inside = _inside(tree, file, begin, end)
    if not inside:
        raise MarkerError(file, begin, f"there is no statement between {BEGIN} and the {END} at line {end}.")
    parents = inside[0].parents
    for place in inside:
        if place.parents != parents or place.block != inside[0].block or place.node.col_offset != len(indent):
            raise MarkerError(
                file, begin, "the region holds statements of different blocks. Mark whole statements of one block."
            )
        if _is_docstring(place.node, parents[-1]):
            raise MarkerError(
                file, place.node.lineno, "the docstring belongs to the students: move it above the region."
            )
    functions = [node for node in parents if isinstance(node, Definition)]
    name = ".".join(node.name for node in functions)
    problem = next((number for node in reversed(functions) if (number := problem_of(node))), "")
    stub = None
    if stubs:
        texts = [lines[line - 1].strip().removeprefix(STUB).removeprefix(" ").rstrip() for line in stubs]
        stub = () if texts == [""] else tuple((indent + text).rstrip() for text in texts)
    elif not any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in parents):
        raise MarkerError(
            file, begin, f"this region is in no function. Say with `{STUB} ...` lines below {BEGIN} what students get."
        )
    elif not problem:
        raise MarkerError(
            file, begin, f'the docstring of {name} does not begin with "Problem <number>.", so the stub cannot name it.'
        )
    return Region(begin, end, indent, stub, name, problem)


@dataclass(frozen=True)
class _Place:
    """A statement, what is around it (the module first), and which block of the last of these it is in."""

    node: ast.stmt
    parents: tuple[ast.AST, ...]
    block: str


def _inside(tree: ast.Module, file: str, begin: int, end: int) -> list[_Place]:
    """The outermost statements between two lines."""
    inside = []

    def visit(parents: tuple[ast.AST, ...]) -> None:
        for block, value in ast.iter_fields(parents[-1]):
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.stmt):
                    if isinstance(child, ast.AST):
                        visit((*parents, child))
                    continue
                first, last = _span(child)
                if begin < first and last < end:
                    inside.append(_Place(child, parents, block))
                elif begin < first < end or (first < begin < last and not _is_compound(child)):
                    raise MarkerError(
                        file,
                        begin,
                        f"the region cuts the statement that begins at line {first}. Mark whole statements.",
                    )
                else:
                    visit((*parents, child))

    visit((tree,))
    return inside


def _is_compound(node: ast.stmt) -> bool:
    return any(isinstance(inner, ast.stmt) for inner in ast.walk(node) if inner is not node)


def _span(node: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement, decorators included."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(item.lineno for item in decorators)]), node.end_lineno or node.lineno


def _is_docstring(node: ast.stmt, parent: ast.AST) -> bool:
    holds = isinstance(parent, Definition | ast.Module) and parent.body[0] is node
    return holds and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(
        node.value.value, str
    )  # fmt: skip


def problem_of(node: Definition) -> str:
    """The problem that a definition's docstring begins with: "4" for `Problem 4. Makes the tables`; "" for none."""
    found = _PROBLEM.match(ast.get_docstring(node) or "")
    return found[1] if found else ""


def _one_default_each(found: list[Region], file: str) -> None:
    """What follows a `raise` is never reached, so a second default stub in one function can only be a slip."""
    seen: dict[str, int] = {}
    for region in found:
        if region.stub is None and region.function in seen:
            raise MarkerError(
                file, region.begin, f"{region.function} has a region at line {seen[region.function]} already. Say with "
                f"`{STUB} ...` lines what students get in place of the one or the other."
            )  # fmt: skip
        if region.stub is None:
            seen[region.function] = region.begin


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _parse(source: str, file: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise MarkerError(file, getattr(error, "lineno", None) or 1, f"not valid Python: {error}.") from None
