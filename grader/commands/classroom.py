"""What GitHub Classroom's reporter reads: the public checks as one JSON, in base64, in a step's output.

    {"version": 3, "status": "fail", "max_score": 2, "tests": [{"name": "1: Twice a vector.", "status": "pass", ...]}

It shows how many tests passed, and reports the sum of their scores. So each check is one test that is worth one point
or none: then both say the same. What the workflow's next step takes is `${{ steps.hw0.outputs.result }}`.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import click

from grader.commands.check import Practised
from grader.course.assignment import Assignment
from grader.errors import GraderError
from grader.judge.result import CheckResult
from grader.text import clean_line

OUTPUT = "GITHUB_OUTPUT"  # the file to which a step writes its outputs
VERSION, LONGEST = 3, 400  # characters of a message: all results go into one variable, of 128 kB at most
ERRORS = ("timeout", "crashed", "invalid", "grader_error")  # the others are wrong answers, or none


def hand_on(assignment: Assignment, practised: Practised) -> None:
    """Appends the results to the step's outputs, or prints them where there is no such file. Raises `GraderError`."""
    line = f"result={encoded(results_of(assignment, practised))}\n"
    place = os.environ.get(OUTPUT, "")
    if not place:
        click.echo(line, nl=False)
        return
    try:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise GraderError(f"{place}: cannot be written ({error.strerror}). {OUTPUT} names no file.") from None


def results_of(assignment: Assignment, practised: Practised) -> dict[str, Any]:
    """The results as the reporter reads them. Where nothing could be checked, that is the one test, and it failed."""
    tests = [_test(assignment, check) for check in practised.checks]
    if not tests:
        why = practised.refusal or "There was no check to run."
        tests = [_as_test(f"{assignment.short}: your work can be read.", "error", why, assignment, "")]
    statuses = {test["status"] for test in tests}
    status = next(each for each in ("fail", "error", "pass") if each in statuses)
    return {"version": VERSION, "status": status, "max_score": len(tests), "tests": tests}


def encoded(results: dict[str, Any]) -> str:
    """The JSON in base64, on one line."""
    return base64.b64encode(json.dumps(results).encode()).decode()


def _test(assignment: Assignment, check: CheckResult) -> dict[str, Any]:
    status = "pass" if check.verdict == "passed" else "error" if check.verdict in ERRORS else "fail"
    said = "" if status == "pass" else " ".join(filter(None, (f"{check.verdict}: {check.summary}", check.hint)))
    test = _as_test(f"{check.problem}: {check.asked}", status, said, assignment, check.problem)
    return {**test, "execution_time": round(check.wall_seconds, 3)}


def _as_test(name: str, status: str, message: str, assignment: Assignment, problem: str) -> dict[str, Any]:
    only = f" --problem {problem}" if problem else ""
    return {
        "name": clean_line(name, LONGEST),
        "status": status,
        "score": int(status == "pass"),
        "message": clean_line(message, LONGEST),
        "test_code": f"python -m grader check {assignment.short}{only}",
        "filename": "",
        "line_no": 0,
        "execution_time": 0,
    }
