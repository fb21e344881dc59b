"""The command line: `python -m grader --help`. Each command calls one function that a person could call too.

Exit status: 0 done, and everything was graded or proved; 1 something was found wrong (a failed check, a broken proof,
a submission that could not be graded); 2 the command could not be carried out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.course.assignment import Assignment, Course

# Before numpy is imported anywhere: lanes are what runs in parallel, and a fork after a parallel region hangs.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

CONFINEMENT = click.Choice(["best", "full", "container", "bare"])


class Commands(click.Group):
    """Turns our own errors into one line on stderr and exit status 2; a traceback is for our bugs only."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except GraderError as error:
            click.secho(f"error: {error}", fg="red", err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--course", "root", type=click.Path(path_type=Path), default=Path(), help="Folder of the course (default: here)."
)
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Hands out and grades the homework of a course on learning across tasks."""
    context.obj = root


def _load(root: Path, homework: str) -> tuple[Course, Assignment]:
    from grader.course.assignment import load_course

    course = load_course(root)
    return course, course.assignment(homework)


@main.command()
@click.argument("homework", default="hw0")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="What to check (default: the homework's own folder, where you work).",
)
@click.option("--pdb", is_flag=True, help="Run everything in one process and stop in the debugger where a check fails.")
@click.option("--problem", "problems", multiple=True, help="Only this problem (may be given several times).")
@click.pass_obj
def check(root: Path, homework: str, submission: Path | None, pdb: bool, problems: tuple[str, ...]) -> None:
    """For students: run the public checks on your work."""
    _, assignment = _load(root, homework)
    where = submission or assignment.folder
    if pdb:
        from grader.commands.public_checks import stop_in_debugger

        sys.exit(stop_in_debugger(assignment, str(where)))
    from grader.commands.check import practise

    sys.exit(0 if practise(assignment, where, frozenset(problems)) else 1)


@main.command()
@click.argument("homework", default="hw0")
@click.option(
    "--submissions", type=click.Path(path_type=Path), help="A folder of submissions (default: a demonstration class)."
)
@click.option("--out", type=click.Path(path_type=Path), help="Where results go (default: results/<homework>).")
@click.option("--lanes", type=click.IntRange(1, 256), help="Submissions judged at a time (default: one per core).")
@click.option(
    "--confinement",
    type=CONFINEMENT,
    default="best",
    help="Layers of the sandbox (default: all that this machine has).",
)
@click.option("--allow-weak", is_flag=True, help="Grade even where submissions cannot be confined well enough.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Seed of the hidden inputs (default: the course's).")
@click.option("--problem", "problems", multiple=True, help="Only this problem (may be given several times).")
@click.pass_obj
def grade(
    root: Path,
    homework: str,
    submissions: Path | None,
    out: Path | None,
    lanes: int | None,
    confinement: str,
    allow_weak: bool,
    seed: int | None,
    problems: tuple[str, ...],
) -> None:
    """Grade a class: a folder in which each entry is a submission."""
    from grader.commands.grade import Settings, grade_class, grade_demonstration

    course, assignment = _load(root, homework)
    settings = Settings(
        course.grading_seed if seed is None else seed, confinement, allow_weak, lanes, frozenset(problems)
    )
    part = "-".join(["", "problem", *problems]) if problems else ""  # never over the results of a whole grading
    if submissions is None:
        folder = out or course.folder / "results" / f"demonstration{part}"
        sys.exit(0 if grade_demonstration(course, assignment, folder, settings) else 1)
    folder = out or course.folder / "results" / f"{assignment.name}{part}"
    sys.exit(0 if grade_class(assignment, submissions, folder, settings) else 1)


@main.command()
@click.argument("homeworks", nargs=-1)
@click.option(
    "--seeds", type=click.IntRange(1, 1000), default=3, help="How many grading seeds the right solutions are graded on."
)
@click.option("--lanes", type=click.IntRange(1, 256))
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Also write the kill matrix here.")
@click.pass_obj
def verify(root: Path, homeworks: tuple[str, ...], seeds: int, lanes: int | None, json_path: Path | None) -> None:
    """For CI: prove that the checks are sound."""
    from grader.commands.verify import verify_assignment
    from grader.course.assignment import load_course

    course = load_course(root)
    names = homeworks or tuple(path.parent.name for path in sorted(course.folder.glob("assignments/*/assignment.toml")))
    if not names:
        raise GraderError(f"There is no homework in {course.folder / 'assignments'}.")
    sound = [verify_assignment(course, course.assignment(name), seeds, lanes, json_path) for name in names]
    sys.exit(0 if all(sound) else 1)


@main.command()
@click.argument("homework", default="hw0")
@click.pass_obj
def record(root: Path, homework: str) -> None:
    """Record the reference's answers to the public checks, for students' copies."""
    from grader.commands.record import record_answers

    _, assignment = _load(root, homework)
    click.echo(f"wrote {record_answers(assignment)}")


@main.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--staff", is_flag=True, help="Also what students must not see.")
@click.option("--after-due", is_flag=True, help="What students may see after the due date.")
@click.pass_obj
def show(root: Path, result: Path, staff: bool, after_due: bool) -> None:
    """Print one submission's result, as its student may see it."""
    from grader.report.files import read_result
    from grader.report.terminal import show as print_result
    from grader.report.terminal import wide_console

    found = read_result(result)
    print_result(wide_console(), found if staff else found.for_student(after_due=after_due), staff=staff)


@main.command()
@click.option("--confinement", type=CONFINEMENT, default="best")
@click.pass_obj
def doctor(root: Path, confinement: str) -> None:
    """Say which layers of confinement this machine has, and try each."""
    from grader.commands.doctor import show_doctor
    from grader.course.assignment import load_course

    sys.exit(0 if show_doctor(confinement, load_course(root).folder / "solutions") else 1)


@main.command()
@click.argument("homework", default="hw0")
@click.option("--count", type=click.IntRange(2, 1000), default=40, help="Submissions to grade.")
@click.option("--rounds", type=click.IntRange(1, 100), default=3, help="How often everything is measured, in turn.")
@click.pass_obj
def bench(root: Path, homework: str, count: int, rounds: int) -> None:
    """Measure: this grader, a fresh pytest per submission, and the bare compute of the checks."""
    from grader.commands.bench import compare_costs

    course, assignment = _load(root, homework)
    compare_costs(course, assignment, count, rounds)
