"""Generic mutants of a small module: where they are made, and how they are told."""

from pathlib import Path

import pytest
from cosmic_ray.mutating import mutate_code

from grader.course.assignment import Assignment, Problem
from grader.proof.generic import GenericMutant, generic_mutants
from grader.proof.operators import DeleteStatement, DropCall, operators

MODULE = '''"""A module."""

import torch

LIMIT = 10


def outside(x):
    return x + 1


def kept(x):
    """Problem 1. What stands outside the markers is not the student's."""
    y = x - 3
    ### BEGIN SOLUTION
    z = y * 2  # a comment, which does not count
    return z.detach()
    ### END SOLUTION


class Net:
    def forward(self, x):
        """Problem 2. Another module's function in the middle."""
        ### BEGIN SOLUTION
        total = 0
        for row in x:
            if row < LIMIT:
                total = total + row
        return torch.stack([total]).sum()
        ### END SOLUTION
'''


@pytest.fixture
def mutants(tmp_path: Path) -> list[GenericMutant]:
    folder = tmp_path / "assignments" / "hw9_small"
    assignment = Assignment(
        name="hw9_small",
        title="Small",
        modules=("small.py",),
        problems=(Problem(id="1", title="One", kind="code", points=1),),
        folder=folder,
    )
    assignment.solution.mkdir(parents=True)
    (assignment.solution / "small.py").write_text(MODULE)
    return generic_mutants(assignment)


def test_only_solutions_are_changed(mutants: list[GenericMutant]) -> None:
    lines = MODULE.splitlines()
    solutions = ["z = y * 2", "return z", "total = 0", "for row", "if row", "total = total", "return torch"]
    inside = {i for i, line in enumerate(lines, 1) if line.strip().startswith(tuple(solutions))}
    assert {mutant.line for mutant in mutants} == inside
    for mutant in mutants:
        changed = enumerate(zip(lines, mutant.source.splitlines(), strict=True), 1)
        assert {i for i, (old, new) in changed if old != new} == {mutant.line}
    assert [mutant.number for mutant in mutants] == list(range(1, len(mutants) + 1))


def test_a_mutant_is_told_by_its_place_and_lines(mutants: list[GenericMutant]) -> None:
    told = {(mutant.where, mutant.original, mutant.mutated) for mutant in mutants}
    assert {
        ("small.kept", "z = y * 2", "z = y + 2"),
        ("small.kept", "z = y * 2", "pass"),
        ("small.kept", "return z.detach()", "return z"),
        ("small.Net.forward", "total = 0", "total = 1"),
        ("small.Net.forward", "for row in x:", "for row in []:"),
        ("small.Net.forward", "if row < LIMIT:", "if row <= LIMIT:"),
        ("small.Net.forward", "if row < LIMIT:", "if not row < LIMIT:"),
        ("small.Net.forward", "return torch.stack([total]).sum()", "return torch.stack([total])"),
    } <= told
    assert len({mutant.name for mutant in mutants}) == len(mutants)


def test_every_mutant_is_another_program(mutants: list[GenericMutant]) -> None:
    sources = [mutant.source for mutant in mutants]
    assert len({*sources, MODULE}) == len(sources) + 1
    for source in sources:
        compile(source, "mutant", "exec")
    assert not any("torch.sum()" in source for source in sources)  # of a module's function nothing would be left


@pytest.mark.parametrize("operator", [DeleteStatement, DropCall])
def test_our_own_operators_do_what_their_examples_say(operator: type) -> None:
    for example in operator.examples():  # type: ignore[attr-defined]
        assert mutate_code(example.pre_mutation_code, operator(), example.occurrence) == example.post_mutation_code


def test_what_says_nothing_about_checks_is_left_out() -> None:
    names = {named.name for named in operators()}
    assert {"NumberReplacer", "AddNot", "ReplaceBinaryOperator_Add_Sub", "ReplaceComparisonOperator_Is_IsNot"} <= names
    assert {"ReplaceBreakWithContinue", "ExceptionReplacer", "RemoveDecorator", "ZeroIterationForLoop"} <= names
    assert not names & {"VariableReplacer", "ReplaceBinaryOperator_Add_BitOr", "ReplaceComparisonOperator_Eq_Is"}
