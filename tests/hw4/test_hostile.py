"""Hostile answers cost themselves, and nothing else: not the answers beside them, nor whoever is graded next."""

from __future__ import annotations

import pytest

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment
from grader.sandbox.forked import Sandbox

from .conftest import COURSE, module_with

HOSTILE = {
    "an attribute": "().__class__.__base__.__subclasses__()",
    "an import": '__import__("os").system("id")',
    "a tower": "9^{9^{9^{9^9}}}",
    "exponentials of exponentials": "exp(exp(exp(exp(exp(100)))))",
    "a tiny number": "2^(-10^10^10)",
    "brackets": "(" * 100_000 + "1" + ")" * 100_000,
    "open brackets": "\\left(" * 50_000,
    "fractions": "\\frac{1}{" * 500 + "1" + "}" * 500,
    "a megabyte": "1+" * 500_000 + "1",
    "a megabyte of digits": "9" * 900_000,
    "a factorial": "1000000!",
    "a macro that defines itself": r"\def\x{\x\x}\x",
    "a new command": r"\newcommand{\a}{\a\a}\a",
    "a file": r"\input{/etc/passwd}",
    "a Cyrillic letter": "\u0455_1^2/S",
    "full width": "\uff53\uff11^2/S",
    "an invisible letter": "s_1\u200b^2/S",
    "backwards": "\u202es_1^2/S",
    "a null byte": "s_1\0^2",
    "a lone surrogate": "\ud800",
    "nothing but spaces": "\u00a0\u2003",
    "ones and signs": "-" * 1_900 + "1",
    "roots of roots": "sqrt(" * 39 + "2" + ")" * 39,
    "a number of many powers": "1.000000001^(10^12)",
}


@pytest.mark.parametrize("answer", ["A_star", "polarity_3"])
def test_each_costs_its_own_answer_alone(hw4: Assignment, sandbox: Sandbox, answer: str) -> None:
    jobs = [
        Job(name, modules={"answers": f"{module_with(hw4, {})}\n\ndef {answer}():\n    return {text!a}\n"})
        for name, text in HOSTILE.items()
    ]
    jobs.append(Job("honest", modules={"answers": module_with(hw4, {})}))
    results = {
        job.name: result for job, result in grade(jobs, hw4, COURSE.grading_seed, sandbox=sandbox, allow_weak=True)
    }
    assert results.pop("honest").points == hw4.code_points
    for name, result in results.items():
        lost = {check.id: (check.verdict, check.points) for check in result.checks if check.verdict != "passed"}
        assert f"test_{answer}" in lost, name
        assert set(lost) <= {f"test_{answer}", f"test_{answer}_can_be_read"}, (name, lost)
        assert set(lost.values()) <= {("failed", 0), ("timeout", 0), ("crashed", 0)}, (name, lost)
        assert result.cpu_seconds < 20, name
