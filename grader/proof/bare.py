"""The floor that grading is compared with: the checks' own compute in one warm process, without sandbox or start-up.

    python -m grader.proof.bare COURSE HOMEWORK FOLDER-OF-SUBMISSIONS

prints CPU seconds. It runs submissions in its own process, so it is for known solutions only.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from grader.course.assignment import load_course
from grader.intake import Wanted, read_submission
from grader.judge import engine
from grader.judge.brief import Brief, Judged
from grader.judge.result import Result
from grader.judge.session import Judge


def bare_cpu_seconds(course_folder: Path, homework: str, folder: Path) -> float:
    """Judges every submission in `folder` in this process and returns what that took after a first, unmeasured one."""
    course = load_course(course_folder)
    assignment = course.assignment(homework)
    start = engine.inline(assignment)
    wanted = Wanted.of(assignment)
    submissions = [read_submission(path, wanted) for path in sorted(folder.iterdir())]
    clock: list[float] = []

    def after_a_warm_up(judged: Callable[[Brief], Judged]) -> None:
        judged(Brief(submissions[0]))  # warms up: imports, first calls of torch, the cache of the reference's answers
        gc.freeze()  # as the fork server does, or the collector would walk through all of torch again and again
        clock.append(time.process_time())
        results.extend(judged(Brief(submission)).result for submission in submissions)

    results: list[Result] = []
    judge = Judge(
        assignment,
        engine.answers_of(assignment, start),
        engine.environment(course.grading_seed, "none: measuring"),
        course.grading_seed,
        start_host=start,
        reference=None,
        work=after_a_warm_up,
    )
    folders = [str(assignment.folder / "checks"), str(assignment.solution / "checks")]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*engine.ini_arguments(), *engine.QUIET, "--capture=no", *folders], plugins=[engine.Enlists(judge)])
    if len(results) != len(submissions):
        raise SystemExit("the checks could not be run")
    return time.process_time() - clock[0]


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(bare_cpu_seconds(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
