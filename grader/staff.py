"""The commands of those who keep and grade the course. `cli.py` loads them where this file is."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Literal

import click

from grader.cli import load, main
from grader.errors import GraderError

for commands in ("grader.bookkeeping", "grader.reviewing"):
    import_module(commands)


def numbers(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...]:
    """Numbers from 1 on, with commas between them."""
    try:
        found = tuple(int(part) for part in value.split(",")) if value is not None else (1,)
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise click.BadParameter(f"{value!r} is no list of numbers such as 10,100", ctx, param)
    return found if value is not None else ()


CONFINEMENT = click.Choice(["best", "full", "container", "bare"])


@main.command()
@click.argument("homework", default="hw0")
@click.option(
    "--submissions",
    type=click.Path(path_type=Path),
    help="A folder of submissions, or a platform's zip of them (default: a demonstration class).",
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
@click.option("--force", is_flag=True, help="Grade everybody anew, whatever is there (with others: those asked for).")
@click.option("--only-failed", is_flag=True, help="Grade anew those without full points, and leave the others.")
@click.option("--only-errors", is_flag=True, help="Grade those whom we failed to judge or never judged.")
@click.option("--json", "as_json", is_flag=True, help="Events for programs on standard output, one JSON object a line.")
@click.option("--student", "students", multiple=True, help="Grade this one anew (may be given several times).")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", help="Where submissions are judged.")
@click.option("--cluster", default="", help="Address or file of a running Dask scheduler (docs/cluster.md).")
@click.option("--workers", type=click.IntRange(1, 1024), help="Start a Dask cluster of so many processes here.")
@click.option("--allow-open-network", is_flag=True, help="Use an unencrypted cluster on another machine.")
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
    force: bool,
    only_failed: bool,
    only_errors: bool,
    as_json: bool,
    students: tuple[str, ...],
    engine: str,
    cluster: str,
    workers: int | None,
    allow_open_network: bool,
) -> None:
    """Grade a class: a folder in which each entry is a submission. Whoever handed in nothing else keeps the result."""
    from grader.commands.choosing import Choice
    from grader.commands.engines import Where
    from grader.commands.events import Stream
    from grader.commands.grade import Settings, grade_class, grade_demonstration
    from grader.commands.unpacked import class_of

    course, assignment = load(root, homework)
    choice = Choice(force, only_failed, only_errors, students)
    secret = course.grading_seed if seed is None else seed
    events = Stream() if as_json else None
    where = Where(engine, cluster, workers, allow_open_network)
    settings = Settings(secret, confinement, allow_weak, lanes, frozenset(problems), choice, where, events)
    part = "-".join(["", "problem", *problems]) if problems else ""  # never over the results of a whole grading
    if submissions is None:
        folder = out or course.folder / "results" / "demonstration" / f"{assignment.name}{part}"
        sys.exit(0 if grade_demonstration(course, assignment, folder, settings) else 1)
    folder = out or course.folder / "results" / f"{assignment.name}{part}"
    place = class_of(course, submissions)
    sys.exit(0 if grade_class(assignment, place, folder, settings) else 1)


@main.command()
@click.argument("homeworks", nargs=-1)
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=3,
    help="How many grading seeds each alternative is graded on; the reference on 20 or more.",
)
@click.option("--lanes", type=click.IntRange(1, 256))
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path),
    help="Where the JSON of one homework goes (default: results/verify/<homework>.json).",
)
@click.option(
    "--keep",
    type=click.Choice(["known", "all"]),
    help="Grade all known solutions and write known.json anew; `all`: what proofs.json tells too.",
)
@click.pass_obj
def verify(
    root: Path,
    homeworks: tuple[str, ...],
    seeds: int,
    lanes: int | None,
    json_path: Path | None,
    keep: Literal["known", "all"] | None,
) -> None:
    """For CI: prove that the checks are sound."""
    from grader.commands.verify import verify_assignment
    from grader.course.assignment import load_course
    from grader.sandbox.forked import Sandbox
    from grader.sandbox.models import preload_of

    course = load_course(root)
    names = homeworks or course.names()
    assignments = [course.assignment(name) for name in names]
    if json_path is not None and len(names) > 1:
        raise GraderError(f"--json is for one homework, and these are {len(names)}. Name one, or leave --json out.")
    preloads = [preload_of(assignment) for assignment in assignments]  # refused before anything is graded
    with Sandbox(lanes or len(os.sched_getaffinity(0)), preload=preloads[0]) as sandbox:  # one for all homeworks
        sound = [
            verify_assignment(course, assignment, seeds, lanes, json_path, keep=keep or "nothing", sandbox=sandbox)
            for assignment in assignments
        ]
    sys.exit(0 if all(sound) else 1)


@main.command()
@click.argument("homework", default="hw0")
@click.option("--seeds", type=click.IntRange(1, 10000), default=400, help="Runs of each right solution.")
@click.option("--lanes", type=click.IntRange(1, 256))
@click.pass_obj
def calibrate(root: Path, homework: str, seeds: int, lanes: int | None) -> None:
    """Find the bounds of calibrated checks from what right and wrong solutions reach over many seeds."""
    from grader.commands.calibrate import calibrate_homework
    from grader.sandbox.forked import Sandbox
    from grader.sandbox.models import preload_of

    _, assignment = load(root, homework)
    preload = preload_of(assignment)
    with Sandbox(lanes or len(os.sched_getaffinity(0)), preload=preload) as sandbox:  # one for all that is measured
        calibrate_homework(assignment, seeds, lanes, sandbox=sandbox)


@main.command()
@click.argument("homework", default="hw0")
@click.option("--seeds", type=click.IntRange(1, 10000), default=200, help="Gradings of each right solution.")
@click.option("--shared", is_flag=True, help="In calibrated checks the reference stands for what computes the same.")
@click.option("--lanes", type=click.IntRange(1, 256))
@click.pass_obj
def fresh(root: Path, homework: str, seeds: int, shared: bool, lanes: int | None) -> None:
    """Grade every right solution on many fresh seeds: how often does a check fail it?"""
    from grader.commands.fresh import grade_right_solutions

    course, assignment = load(root, homework)
    sys.exit(0 if grade_right_solutions(course, assignment, seeds, lanes, shared=shared) else 1)


@main.command()
@click.argument("homeworks", nargs=-1)
@click.pass_obj
def build(root: Path, homeworks: tuple[str, ...]) -> None:
    """Make what students receive from the reference: stub, notebook, points table, recorded answers."""
    from grader.commands.build import build_assignment
    from grader.course.assignment import load_course

    course = load_course(root)
    for name in homeworks or course.names():
        for path in build_assignment(course.assignment(name)):
            click.echo(f"wrote {path}")


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("homeworks", nargs=-1)
@click.pass_obj
def release(root: Path, out: Path, homeworks: tuple[str, ...]) -> None:
    """Write the public course into the folder OUT, and prove that nothing secret is in it."""
    from grader.commands.release import release_course
    from grader.course.assignment import load_course

    course = load_course(root)
    release_course(course, [course.assignment(name) for name in homeworks or course.names()], out)


@main.command()
@click.argument("homework")
@click.option("--out", type=click.Path(path_type=Path), help="The zip to write (default: results/<homework>.zip).")
@click.pass_obj
def handout(root: Path, homework: str, out: Path | None) -> None:
    """Write one homework, with what it needs, as a zip for students, and prove that nothing secret is in it."""
    from grader.commands.release import hand_out

    course, assignment = load(root, homework)
    hand_out(course, assignment, out or course.folder / "results" / f"{assignment.name}.zip")


@main.command()
@click.argument("homework")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write (default: results/<hw>.html).")
@click.pass_obj
def page(root: Path, homework: str, out: Path | None) -> None:
    """Write a homework's handout as one HTML file, to be read offline and printed; releases hold it too."""
    from grader.authoring.page import page_name
    from grader.commands.page import write_page

    course, assignment = load(root, homework)
    file = out or course.folder / "results" / page_name(assignment)
    write_page(assignment, file)
    click.echo(f"wrote {file}")


@main.command()
@click.argument("homework")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write (default: results/nbgrader/<hw>).")
@click.pass_obj
def nbgrader(root: Path, homework: str, out: Path | None) -> None:
    """For a course that grades with nbgrader: one homework as nbgrader's source folder, with the solutions in it."""
    from grader.commands.nbgrader import unchecked, write_source

    course, assignment = load(root, homework)
    for id in unchecked(assignment):
        click.echo(f"warning: problem {id} has no public check, so nbgrader gives nobody its points.", err=True)
    click.echo(f"wrote {write_source(assignment, out or course.folder / 'results' / 'nbgrader' / assignment.name)}")


@main.command()
@click.argument("homework", default="hw0")
@click.option("--out", type=click.Path(path_type=Path), help="The zip (default: results/gradescope/<homework>.zip).")
@click.option("--minutes", type=click.FloatRange(1, 40), default=10, help="The assignment's time there.")
@click.option("--cpus", type=click.FloatRange(0.1, 8), default=0.5, help="The container's processors.")
@click.option("--memory-mb", type=click.IntRange(384), default=768, help="The container's memory.")
@click.option(
    "--hidden-checks",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="visible",
    help="When students see checks whose inputs are hidden (never the inputs).",
)
@click.option("--confinement", type=CONFINEMENT, default="best")
@click.option("--allow-weak", is_flag=True, help="Grade even where submissions cannot be confined well enough.")
@click.option("--no-trial", is_flag=True, help="Do not grade the reference when the image is built.")
@click.option("--lanes", type=click.IntRange(1, 256))
@click.pass_obj
def gradescope(
    root: Path,
    homework: str,
    out: Path | None,
    minutes: float,
    cpus: float,
    memory_mb: int,
    hidden_checks: str,
    confinement: str,
    allow_weak: bool,
    no_trial: bool,
    lanes: int | None,
) -> None:
    """Write one homework as an autograder archive for Gradescope, with the same grader inside."""
    from grader.commands.gradescope import write_archive
    from grader.gradescope.settings import Settings

    course, assignment = load(root, homework)
    settings = Settings.model_validate(
        {
            "homework": assignment.name,
            "minutes": minutes,
            "cpus": cpus,
            "memory_mb": memory_mb,
            "hidden_checks": hidden_checks,
            "confinement": confinement,
            "allow_weak": allow_weak,
            "trial": not no_trial,
        }
    )
    path = out or course.folder / "results" / "gradescope" / f"{assignment.name}.zip"
    write_archive(course, assignment, path, settings, lanes)


@main.command()
@click.argument("name")
@click.option("--title", required=True, help="The homework's title.")
@click.pass_obj
def new(root: Path, name: str, title: str) -> None:
    """Write the skeleton of a new homework: complete, and passing its proofs."""
    from grader.commands.new import new_homework
    from grader.course.assignment import load_course

    for path in new_homework(load_course(root), name, title):
        click.echo(f"wrote {path}")


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
@click.argument("homework", default="hw0")
@click.option("--results", type=click.Path(path_type=Path), help="Results of `grade` (default: results/<homework>).")
@click.option("--out", type=click.Path(path_type=Path), help="Where pages go (default: `report` beside the results).")
@click.option("--after-due", is_flag=True, help="Show students what they may see after the due date.")
@click.option("--roster", type=click.Path(path_type=Path, dir_okay=False), help="A CSV: who should have handed in.")
@click.option("--system", default="results", help="The roster's column with the names of submissions.")
@click.option("--book", "url", is_flag=False, flag_value="", help="Show points by hand, too: [a database URL].")
@click.option(
    "--similar",
    type=click.Path(path_type=Path, file_okay=False),
    help="What `similar` wrote (default: results/similar/<homework>).",
)
@click.pass_obj
def report(
    root: Path,
    homework: str,
    results: Path | None,
    out: Path | None,
    after_due: bool,
    roster: Path | None,
    system: str,
    url: str | None,
    similar: Path | None,
) -> None:
    """Make pages of the class and of each submission."""
    from grader.book.policy import policy_of
    from grader.commands.book import open_book
    from grader.commands.report import Wanted, write_report

    course, assignment = load(root, homework)
    folder = results or course.folder / "results" / assignment.name
    if results is None and not folder.is_dir():
        click.echo(f"{folder}: nobody graded a class yet. These are pages of the demonstration class.")
        folder = course.folder / "results" / "demonstration" / assignment.name / "results"
    elif (
        similar is None
        and ((usual := course.folder / "results" / "similar" / assignment.name) / "similar.csv").is_file()
    ):
        similar = usual
    with open_book(course, url, create=False) if url is not None else nullcontext() as book:
        policy = policy_of(course) if book else None
        wanted = Wanted(after_due, roster, system, book, policy, similar)
        write_report(assignment, folder, out or folder / "report", wanted)


@main.command()
@click.argument("homework", default="hw0")
@click.option("--submissions", type=click.Path(path_type=Path), help="A folder of submissions.")
@click.option(
    "--earlier", type=click.Path(path_type=Path), multiple=True, help="Submissions of another year (several times)."
)
@click.option("--out", type=click.Path(path_type=Path), help="Where pages go (default: results/similar/<homework>).")
@click.option("--least", type=click.FloatRange(0.01, 1.0), default=0.3, help="The least share that is told.")
@click.pass_obj
def similar(
    root: Path, homework: str, submissions: Path | None, earlier: tuple[Path, ...], out: Path | None, least: float
) -> None:
    """Show which submissions are alike: a signal for a person, and no verdict."""
    from grader.commands.similar import compare_class
    from grader.commands.unpacked import class_of

    if submissions is None:
        raise GraderError("Say where the submissions are: make similar HW=hw0 SUBMISSIONS=folder.")
    course, assignment = load(root, homework)
    folder = out or course.folder / "results" / "similar" / assignment.name
    place = class_of(course, submissions)
    compare_class(assignment, place, earlier, folder, least)


@main.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
def compare(before: Path, after: Path) -> None:
    """Compare two folders of results of one class: verdicts, points, mistakes that are named."""
    from grader.report.regraded import regraded

    count, found = regraded(before, after)
    for line in found:
        click.echo(line)
    click.echo(f"{count} submissions compared, {len(found)} differences.")
    sys.exit(1 if found else 0)


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
@click.option("--memory", is_flag=True, help="Measure the memory of workers instead, and the time to the first grade.")
@click.option("--sizes", callback=numbers, help="Measure classes of these sizes instead: 10,100,1000.")
@click.option("--lanes", callback=numbers, help="With --sizes: how many lanes: 1,2.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="With --sizes: where figures go (default: results/bench/…)."
)
@click.pass_obj
def bench(
    root: Path,
    homework: str,
    count: int,
    rounds: int,
    memory: bool,
    sizes: tuple[int, ...],
    lanes: tuple[int, ...],
    out: Path | None,
) -> None:
    """Measure: this grader, a fresh pytest per submission, and the bare compute of the checks."""
    course, assignment = load(root, homework)
    if memory:
        from grader.commands.memory import measure_memory

        measure_memory(course, assignment, count)
        return
    if sizes:
        from grader.commands.growth import measure_growth

        folder = out or course.folder / "results" / "bench" / assignment.name
        measure_growth(course, assignment, sizes, lanes or (len(os.sched_getaffinity(0)),), folder)
        return
    from grader.commands.bench import compare_costs

    compare_costs(course, assignment, count, rounds)
