"""`verify`: prove that an assignment's checks are sound."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from grader.batch.class_run import grade
from grader.commands.record import recorded_is_current
from grader.course.assignment import Assignment, Course
from grader.judge.answers import write_atomically
from grader.proof.specimens import specimens
from grader.proof.verify import KillMatrix, Proof, kill_matrix, prove, trials
from grader.report.proofs import matrix_legend, matrix_table, proofs_table
from grader.report.terminal import wide_console


def verify_assignment(
    course: Course,
    assignment: Assignment,
    seeds: int = 3,
    lanes: int | None = None,
    json_path: Path | None = None,
    console: Console | None = None,
) -> bool:
    """Grades every known solution, prints the kill matrix and the proofs, and says whether all held."""
    console = console or wide_console()
    known = specimens(assignment)
    planned = trials(known, [course.grading_seed + i for i in range(seeds)])
    console.print(f"{assignment.name}: {len(known)} known solutions, {len(planned)} gradings", highlight=False)
    results = {
        job.name: result
        for job, result in grade([t.job() for t in planned], assignment, course.grading_seed, lane_count=lanes)
    }
    graded = [(trial, results[trial.name]) for trial in planned]
    matrix = kill_matrix(graded)
    proofs = prove(graded)
    stale = "" if recorded_is_current(assignment) else "run: python -m grader record"
    proofs.append(Proof("the recorded public answers are those of the reference", "answers.json", not stale, stale))
    console.print(matrix_table(matrix, known), matrix_legend(matrix), proofs_table(proofs))
    if json_path is not None:
        write_atomically(json_path, matrix_json(matrix, proofs).encode())
    return all(proof.held for proof in proofs)


def matrix_json(matrix: KillMatrix, proofs: list[Proof]) -> str:
    """The same for machines."""
    content = {
        "checks": matrix.checks,
        "kills": matrix.kills,
        "idle": matrix.idle,
        "proofs": [
            {"statement": p.statement, "specimen": p.specimen, "held": p.held, "why_not": p.why_not} for p in proofs
        ],
    }
    return json.dumps(content, indent=1) + "\n"
