"""Grades the ways to end as one class: `python run_ways.py SETTINGS.json`. A process, so that any user can run it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

from ways_to_end import at_import, submission, ways

from grader.batch.class_run import Job, grade
from grader.course.assignment import load_course

AT_IMPORT = ("kill_9", "kill_15", "cpu_limit_that_kills", "segmentation_fault", "exit_as_if_killed", "timer_create_9")


CHECKS = ("test_twice", "test_twice_a_number")  # each meets one of a submission's two ways


def main(course: str, out: str, confinement: str) -> None:
    assignment = load_course(Path(course)).assignment("hw7")
    reference = (assignment.solution / "tiny.py").read_text()
    known = list(ways().items())
    half = (len(known) + 1) // 2
    pairs = dict(enumerate(zip(known[:half], [*known[half:], known[0]], strict=False)))
    jobs = [Job(f"pair_{at}", modules={"tiny": submission(one[1], two[1])}) for at, (one, two) in pairs.items()]
    jobs += [Job(f"import_{name}", modules={"tiny": at_import(ways()[name])}) for name in AT_IMPORT]
    honest = [Job(f"honest_{number}", modules={"tiny": reference}) for number in range(3)]
    jobs = [honest[0], *jobs[: len(jobs) // 2], honest[1], *jobs[len(jobs) // 2 :], honest[2]]
    found = {}
    for job, result in grade(jobs, assignment, 7, confinement=confinement, allow_weak=True, only=frozenset({"1"})):
        checks = {check.id: check for check in result.checks}
        names = [job.name] * 2
        if job.name.startswith("pair_"):
            names = [name for name, _ in pairs[int(job.name.removeprefix("pair_"))]]
        for name, check in zip(names, CHECKS, strict=True):
            told = checks[check].detail if checks[check].verdict == "grader_error" else checks[check].summary
            found[f"{name} ({check})"] = [checks[check].verdict, told[-300:]]
    Path(out).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
