"""That labels are given anew in each episode is the point of HW1: students see it checked, and it is worth points."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.class_run import Job, grade
from grader.course.assignment import load_course
from grader.intake import list_class
from grader.proof.specimens import specimens

if TYPE_CHECKING:
    from grader.sandbox.forked import Sandbox

COURSE = load_course(Path(__file__))
HOMEWORK = COURSE.assignment("hw1")
PUBLIC, HIDDEN = "test_example_of_labels_given_anew", "test_a_label_says_nothing_about_a_class"


def test_labels_that_follow_the_class_fail_a_public_check_and_cost_more_than_a_point(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    wanted = {"reference", "episodes_classes_sorted"}
    for known in specimens(HOMEWORK):
        if known.name in wanted and known.kind in ("reference", "mutant"):
            (tmp_path / known.name).mkdir()
            for name, source in known.modules.items():
                (tmp_path / known.name / f"{name}.py").write_text(source, encoding="utf-8")
    jobs = [Job.of(entry) for entry in list_class(tmp_path)]
    graded = grade(jobs, HOMEWORK, COURSE.grading_seed, sandbox=sandbox, allow_weak=True)
    by_name = {job.name: {check.id.split("::")[-1]: check for check in result.checks} for job, result in graded}
    right, wrong = by_name["reference"], by_name["episodes_classes_sorted"]
    assert (right[PUBLIC].verdict, right[HIDDEN].verdict) == ("passed", "passed")
    assert (wrong[PUBLIC].verdict, wrong[HIDDEN].verdict) == ("failed", "failed")
    assert right[HIDDEN].points > 1
    assert "is never number" in wrong[PUBLIC].came
