"""The command line: `python -m grader --help`. Each command calls one function that a person could call too.

Here are the commands that students have; `staff.py` adds the others, and is not in what students receive.

Exit status: 0 done, and everything was graded or proved; 1 something was found wrong (a failed check, a broken proof,
a submission that could not be graded); 2 the command could not be carried out.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.course.assignment import Assignment, Course

# Before numpy is imported anywhere: lanes are what runs in parallel, and a fork after a parallel region hangs.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")


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


def load(root: Path, homework: str) -> tuple[Course, Assignment]:
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
@click.option("--classroom", is_flag=True, help="In a workflow of GitHub: hand the results on to GitHub Classroom.")
@click.pass_obj
def check(
    root: Path, homework: str, submission: Path | None, pdb: bool, problems: tuple[str, ...], classroom: bool
) -> None:
    """For students: run the public checks on your work."""
    _, assignment = load(root, homework)
    where = submission or assignment.folder
    if pdb:
        from grader.commands.public_checks import stop_in_debugger

        sys.exit(stop_in_debugger(assignment, str(where)))
    from grader.commands.check import practise

    practised = practise(assignment, where, frozenset(problems))
    if classroom:
        from grader.commands.classroom import hand_on

        hand_on(assignment, practised)
        return  # its reporter says what failed
    sys.exit(0 if practised.good else 1)


@main.command()
@click.argument("homework", default="hw0")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    help="What to hand in (default: the homework's own folder, where you work).",
)
@click.option("--out", type=click.Path(path_type=Path), help="The zip to write (default: <homework>-handin.zip, here).")
@click.option("--anyway", is_flag=True, help="Write it even if your code cannot be imported.")
@click.pass_obj
def submit(root: Path, homework: str, submission: Path | None, out: Path | None, anyway: bool) -> None:
    """For students: check your work and pack it into the one file that you hand in."""
    from grader.commands.submit import hand_in

    _, assignment = load(root, homework)
    zip_path = out or Path(f"{assignment.name}-handin.zip")
    sys.exit(0 if hand_in(assignment, submission or assignment.folder, zip_path, anyway=anyway) else 1)


@main.command()
@click.argument("homeworks", nargs=-1)
@click.option("--requirements", is_flag=True, help="Only the packages, a line each, as pip takes them.")
@click.pass_obj
def models(root: Path, homeworks: tuple[str, ...], requirements: bool) -> None:
    """Say which weights of models the homeworks need, and whether each is here and whole."""
    from grader.commands.models import needed_weights, show_weights
    from grader.course.assignment import load_course

    course = load_course(root)
    weights = needed_weights([course.assignment(name) for name in homeworks or course.names()])
    if requirements:
        for line in dict.fromkeys(each.requirement for each in weights):
            click.echo(line)
        return
    sys.exit(0 if show_weights(weights) else 1)


if find_spec("grader.staff") is not None:
    import_module("grader.staff")
