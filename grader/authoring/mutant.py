"""Known mistakes, each told by what differs from the reference: `solutions/<hw>/mutants/<name>.toml`.

    says = "You averaged the task losses; the multi-task loss is their weighted sum."
    problem = "2"
    hint = "Compare what happens to the loss when you add a task whose loss is 0."

    [[change]]
    where = "multitask.total_loss"
    before = "return torch.stack(weighted).sum()"
    after = "return torch.stack(weighted).mean()"

`where` is a function, a method (`lora.LoRALinear.forward`), a class, or a whole module. `before` is one or more whole
lines that stand there exactly once; `after` takes their place. What is added repeats the line that it stands beside.
Indentation counts only within a change, from line to line. Comments and blank lines of the reference do not count.
So a mutant follows its reference, and where it cannot, it says so.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from grader.authoring.overlay import DEFINITIONS, Definition, Edit, applied, span
from grader.course.assignment import read_text
from grader.errors import CourseError

FOLDER = "mutants"


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_not_blank)]


class Change(BaseModel):
    """Lines of the reference, and what the mutant has in their place."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    where: Text
    before: Text
    after: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    says: Text
    problem: Text
    hint: Text
    change: Annotated[tuple[Change, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Mutant:
    """One known mistake: what the student did, in which problem, what would have helped, and the lines that differ."""

    path: Path
    says: str
    problem: str
    hint: str
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def places(self) -> frozenset[str]:
        """The functions, methods, classes and modules that it changes."""
        return frozenset(change.where for change in self.changes)

    def on(self, reference: Mapping[str, str]) -> dict[str, str]:
        """The modules of the reference (name -> source) with this mistake. Raises `CourseError` where it does not fit.

        Every `before` is looked for in what is given, not in what an earlier change has made of it.
        """
        edits: dict[str, list[Edit]] = {}
        for change in self.changes:
            module = change.where.partition(".")[0]
            if module not in reference:
                raise CourseError(f"{self.path}: {change.where}: there is no module {module}. Let `where` begin with "
                                  f"one of {', '.join(reference)}.")  # fmt: skip
            edits.setdefault(module, []).append(self._edit(change, reference[module]))
        made = {module: self._applied(module, reference[module], each) for module, each in edits.items()}
        return {**reference, **made}

    def code_of(self, reference: Mapping[str, str]) -> Iterator[str]:
        """The source of each function, method or class that it changes, as it is with the mistake."""
        made = self.on(reference)
        for where in sorted(self.places):
            source = made[where.partition(".")[0]]
            begin, end = self._scope(where, source)
            yield dedent("\n".join(source.splitlines()[begin:end]) + "\n")

    def digest(self) -> str:
        """Names the mistake by all that decides how it is graded: its sentence and its hint may be mended."""
        told = [self.problem, *(change.model_dump() for change in self.changes)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def _edit(self, change: Change, source: str) -> Edit:
        """The lines that `before` names, with the lines of `after` as far indented."""
        begin, end = self._scope(change.where, source)
        before, after = _without_margin(change.before, change.after)
        wanted = [line for line in before if line and not line.lstrip().startswith("#")]
        there = [line for line in _code_lines(source) if begin <= line.number < end]
        found = [
            (first, last, pad)
            for run in zip(*(there[i:] for i in range(len(wanted))), strict=False)
            for first, last, pad in _matched(run, wanted)
        ]
        if len(found) != 1:
            raise CourseError(f"{self.path}: {change.where}: {_fault(wanted, len(found))}")
        first, last, pad = found[0]
        return Edit(first, last + 1, [pad + line if line else "" for line in after])

    def _scope(self, where: str, source: str) -> tuple[int, int]:
        """The lines of a function, a method, a class or a whole module."""
        module, *names = where.split(".")
        node: ast.Module | Definition = _tree(source)
        for name in names:
            inside = [each for each in node.body if isinstance(each, DEFINITIONS) and each.name == name]
            if not inside:
                raise CourseError(f"{self.path}: {where}: {module}.py has no such function, method or class. Name one "
                                  "that the reference has now.")  # fmt: skip
            node = inside[-1]
        lines = source.splitlines()
        return (0, len(lines)) if isinstance(node, ast.Module) else span(node, lines)

    def _applied(self, module: str, source: str, edits: list[Edit]) -> str:
        edits = sorted(edits, key=lambda edit: edit.start)
        for one, next_one in pairwise(edits):
            if next_one.start < one.end:
                raise CourseError(f"{self.path}: two changes are about line {next_one.start + 1} of {module}.py. "
                                  "Make one change of them.")  # fmt: skip
        made = applied(source, edits)
        try:
            _tree(made)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 0
            near = made.splitlines()[line - 1 : line]
            raise CourseError(f"{self.path}: {module}.py with these changes is not valid Python: {error}"
                              f"{f', at `{near[0].strip()}`' if near else ''}. Mend `after`.") from None  # fmt: skip
        return made


def read_mutants(solution: Path) -> list[Mutant]:
    """Every mutant of a homework, by name. Raises `CourseError`."""
    for path in sorted((solution / FOLDER).glob("*.py")):
        raise CourseError(f"{path}: a mutant is a .toml that says what differs from the reference. Write it so "
                          "(CONTRIBUTING.md, A new mutant).")  # fmt: skip
    return [read_mutant(path) for path in sorted((solution / FOLDER).glob("*.toml"))]


def read_mutant(path: Path) -> Mutant:
    """One file. Raises `CourseError`."""
    try:
        file = _File.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise CourseError(f"{path}: {faults}. A mutant has says, problem and hint, and in each [[change]] where, "
                          "before and after.") from None  # fmt: skip
    return Mutant(path, " ".join(file.says.split()), file.problem, " ".join(file.hint.split()), file.change)


@dataclass(frozen=True)
class _Line:
    """A line with code, counted from 0, as it is written and without its comment."""

    number: int
    written: str
    code: str


# A homework's mutants all change the same few modules: each is read once. Nobody writes into what is kept.


@lru_cache(64)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


@lru_cache(64)
def _code_lines(source: str) -> tuple[_Line, ...]:
    return tuple(_lines_with_code(source))


def _lines_with_code(source: str) -> Iterator[_Line]:
    lines = source.splitlines()
    codes = list(lines)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            codes[row - 1] = lines[row - 1][:column]
    for number, (line, code) in enumerate(zip(lines, codes, strict=True)):
        if code.strip():
            yield _Line(number, line.rstrip(), code.rstrip())


def _without_margin(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of both without the indentation that all of them have: one may stand further in."""
    old, new = ([line.rstrip() for line in text.strip("\n").splitlines()] for text in (before, after))
    margin = min(_indent(line) for line in (*old, *new) if line)
    return [line[margin:] for line in old], [line[margin:] for line in new]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _matched(run: tuple[_Line, ...], wanted: list[str]) -> Iterator[tuple[int, int, str]]:
    """First and last line and the indentation, if these lines are the ones that are wanted."""
    pad = " " * (_indent(run[0].code) - _indent(wanted[0]))
    if all(pad + words in (line.code, line.written) for line, words in zip(run, wanted, strict=True)):
        yield run[0].number, run[-1].number, pad


def _fault(wanted: list[str], count: int) -> str:
    first = f"`{wanted[0].strip()}`{' and what follows it' if len(wanted) > 1 else ''}" if wanted else "a comment alone"
    if count:
        return (f"{first} of `before` stands there {count} times. Add the line above or below it, to `before` and to "
                "`after`.")  # fmt: skip
    return (f"{first} of `before` does not stand there. Take whole lines from the reference as it is now, without "
            "comments.")  # fmt: skip
