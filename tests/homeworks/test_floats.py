"""What a handout calls a float may be a tensor of shape () or a number of numpy; more numbers than one are refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.intake import list_class
from grader.judge.result import Result
from grader.sandbox.forked import Sandbox

COURSE = load_course(Path(__file__))
Answering = Callable[[Assignment, str], dict[str, str]]
TAKEN = {
    "tensor": "torch.tensor(x, dtype=torch.float64)",
    "tensor_with_its_graph": "torch.tensor(x, dtype=torch.float64, requires_grad=True) * 1",
    "numpy": "numpy.float64(x)",
}
REFUSED = {"two_numbers": "torch.tensor([x, x])", "nothing": "None"}


@pytest.fixture
def results(programmed: Assignment, answering: Answering, tmp_path: Path, sandbox: Sandbox) -> dict[str, Result]:
    """The reference with each float in another form: form -> its result."""
    for form, how in (TAKEN | REFUSED).items():
        (tmp_path / form).mkdir()
        for name, source in answering(programmed, how).items():
            (tmp_path / form / name).write_text(source, encoding="utf-8")
    jobs = [Job.of(entry) for entry in list_class(tmp_path)]
    graded = grade(jobs, programmed, COURSE.grading_seed, sandbox=sandbox, allow_weak=True)
    return {job.name: result for job, result in graded}


def test_the_forms_that_are_taken_cost_nothing_and_others_are_told(results: dict[str, Result]) -> None:
    for form in TAKEN:
        lost = [check.id for check in results[form].checks if check.points < check.max_points]
        assert lost == [], form
    for form in REFUSED:
        if results[form].fingerprint == results["tensor"].fingerprint:
            continue  # no function of this homework gives a float
        ended = [check for check in results[form].checks if check.verdict not in ("passed", "blocked")]
        assert ended, form
        told = [f"{check.summary} {check.detail}" for check in ended]
        assert [said for said in told if "float" not in said.lower() and "number" not in said.lower()] == [], form
