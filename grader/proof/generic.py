"""Generic mutants: the reference with one small change in a solution, made by rule and not by a person.

Hand-written mutants are what we know students to get wrong. Generic ones find what nobody thought of: a line of the
reference that could be otherwise without any check noticing.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from grader.authoring.markers import Region, regions
from grader.course.assignment import Assignment
from grader.judge.specimen import Specimen
from grader.proof.operators import operators
from grader.proof.owners import owners


@dataclass(frozen=True)
class GenericMutant:
    """One change of one module. `original` and `mutated` are the lines that differ, without indent and comments.

    `function` is the qualified name of the function in whose solution the change is, `line` where it begins, and
    `owners` are the problems that it is of.
    """

    number: int
    module: str
    line: int
    function: str
    operator: str
    original: str
    mutated: str
    source: str
    owners: frozenset[str]

    @property
    def where(self) -> str:
        """For example "multitask.union": stays the same when lines move."""
        return ".".join(part for part in (self.module, self.function) if part)

    @property
    def name(self) -> str:
        """For example "generic 17: multitask.py, line 94, ReplaceBinaryOperator_Sub_Add"."""
        return f"generic {self.number}: {self.module}.py, line {self.line}, {self.operator}"

    def specimen(self, reference: dict[str, str]) -> Specimen:
        """The mutant as something to grade."""
        return Specimen(self.name, "generic", {**reference, self.module: self.source})


def generic_mutants(assignment: Assignment) -> list[GenericMutant]:
    """Every generic mutant of the reference's solutions, in the order of their lines.

    What does not compile, what changes nothing and what another one is already are left out. Raises `MarkerError`.
    """
    found: list[GenericMutant] = []
    for module, source in assignment.sources(assignment.solution).items():
        file = str(assignment.solution / f"{module}.py")
        changes = sorted(_changes(source, regions(source, file)), key=lambda change: change[0])
        found += [
            GenericMutant(
                len(found) + i,
                module,
                line,
                function,
                operator,
                *_differing(source, mutated),
                mutated,
                owners(source, line),
            )
            for i, (line, function, operator, mutated) in enumerate(changes, 1)
        ]
    return found


def _changes(source: str, solutions: tuple[Region, ...]) -> Iterator[tuple[int, str, str, str]]:
    """Line, function, operator and resulting text of each change inside a solution."""
    nodes = list(ast_nodes(get_ast(source)))
    known = {_meaning(source)}
    for named in operators():
        positions = [position for node in nodes for position in named.operator.mutation_positions(node)]
        for occurrence, ((first, _), (last, _)) in enumerate(positions):
            region = next((each for each in solutions if each.begin < first and last < each.end), None)
            if region is None:
                continue
            mutated = mutate_code(source, named.operator, occurrence)
            meaning = _meaning(mutated)
            if meaning and meaning not in known:
                known.add(meaning)
                yield first, region.function, named.name, mutated


def _meaning(source: str) -> str:
    """The same for texts that differ in layout only; "" for what is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # such as an escape that is none: the reference's business
        try:
            compile(source, "mutant", "exec", dont_inherit=True)
            return ast.dump(ast.parse(source))
        except (SyntaxError, ValueError):
            return ""


def _differing(original: str, mutated: str) -> tuple[str, str]:
    """The lines in which two texts differ."""
    old, new = _bare(original), _bare(mutated)
    top = 0
    while top < min(len(old), len(new)) and old[top] == new[top]:
        top += 1
    bottom = 0
    while bottom < min(len(old), len(new)) - top and old[-1 - bottom] == new[-1 - bottom]:
        bottom += 1
    return "\n".join(old[top : len(old) - bottom]), "\n".join(new[top : len(new) - bottom])


def _bare(source: str) -> list[str]:
    """The lines without indent, comments and runs of blanks."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            lines[line - 1] = lines[line - 1][:column]
    return [" ".join(line.split()) for line in lines]
