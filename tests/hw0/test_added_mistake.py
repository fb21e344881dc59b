"""A second mistake never makes up for the first: who does not train gains nothing by breaking the loss as well."""

from pathlib import Path

from grader.authoring.mutant import read_mutant
from grader.batch.class_run import Job, grade
from grader.course.assignment import load_course
from grader.sandbox.forked import Sandbox

HW0 = load_course(Path(__file__)).assignment("hw0")
STEPS = ("total.backward()", "optimizer.step()")


def test_a_detached_loss_does_not_help_who_never_trains(sandbox: Sandbox) -> None:
    reference = HW0.sources(HW0.solution)["multitask"]
    lines = reference.splitlines()
    untrained = "\n".join(line for line in lines if line.strip() not in STEPS)
    assert len(untrained.splitlines()) == len(lines) - len(STEPS)
    detached = read_mutant(HW0.solution / "mutants" / "total_loss_detached.toml").on({"multitask": untrained})[
        "multitask"
    ]
    jobs = [Job(name, modules={"multitask": text}) for name, text in (("one", untrained), ("two", detached))]
    came = {job.name: result for job, result in grade(jobs, HW0, 7, sandbox=sandbox, allow_weak=True)}
    assert came["two"].points < came["one"].points < came["one"].max_points
    lost = {name: {p.id for p in result.problems if p.points is not None and p.points < p.max_points}
            for name, result in came.items()}  # fmt: skip
    assert lost == {"one": {"5"}, "two": {"2", "5"}}
