"""Grading many answers of HW4 at a time: none depends on another, so one submission may hold one of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.course.document import filled_in, module_of
from grader.judge.result import CheckResult
from grader.proof.specimens import mistakes
from grader.sandbox.forked import Sandbox

COURSE = load_course(Path(__file__))
Graded = Callable[[Sequence[tuple[str, str]]], list[CheckResult]]


@pytest.fixture(scope="session")
def hw4() -> Assignment:
    return COURSE.assignment("hw4")


def module_with(assignment: Assignment, answers: Mapping[str, str]) -> str:
    """The module of a document with these answers, and the reference's for the rest."""
    (reference,) = assignment.sources(assignment.solution).values()
    document = (assignment.folder / assignment.document).read_text(encoding="utf-8")
    work = "".join(f"def {name}():\n    return {text!a}\n" for name, text in answers.items())
    return module_of(filled_in(filled_in(document, work), reference))


@pytest.fixture
def graded(hw4: Assignment, sandbox: Sandbox) -> Graded:
    """A function that grades pairs of an answer's name and a text: the check of each, in their order."""

    def judged(pairs: Sequence[tuple[str, str]]) -> list[CheckResult]:
        rounds: list[dict[str, str]] = []
        place = []
        for name, text in pairs:
            at = next((i for i, each in enumerate(rounds) if name not in each), len(rounds))
            if at == len(rounds):
                rounds.append({})
            rounds[at][name] = text
            place.append(at)
        jobs = [Job(str(i), modules={"answers": module_with(hw4, answers)}) for i, answers in enumerate(rounds)]
        results = {
            job.name: {check.id: check for check in result.checks}
            for job, result in grade(
                jobs, hw4, COURSE.grading_seed, sandbox=sandbox, allow_weak=True, mistakes=mistakes(hw4)
            )
        }
        return [results[str(at)][f"test_{name}"] for (name, _), at in zip(pairs, place, strict=True)]

    return judged
