"""The commands of the gradebook: `python -m grader book ...`. `staff.py` loads them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from grader.cli import main

if TYPE_CHECKING:
    from grader.commands.book import Desk

FILE = click.Path(path_type=Path, dir_okay=False)
dry_run = click.option("--dry-run", "dry", is_flag=True, help="Say what would be entered, and enter nothing.")
MOMENTS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
why = click.option("--why", required=True, help="The reason, for the book's history.")


def by_hand() -> ModuleType:
    """What the commands for points by hand call."""
    from grader.commands import marks

    return marks


def platforms() -> ModuleType:
    """What the commands for tables of other systems call."""
    from grader.commands import platform_grades

    return platform_grades


def commands() -> ModuleType:
    """What the commands call. It is imported when one is called: the database's library takes a while."""
    from grader.commands import book

    return book


@main.group(invoke_without_command=True)
@click.option("--book", "url", default="", help="A database URL (default: book/book.db).")
@click.option("--who", default="", help="Who works here (default: your name on this machine).")
@click.option("--as-of", type=click.DateTime(MOMENTS), help="The book as it was then, in UTC.")
@click.option("--demonstration", is_flag=True, help="A course to look at, in place of yours.")
@click.pass_context
def book(context: click.Context, url: str, who: str, as_of: datetime | None, demonstration: bool) -> None:
    """The gradebook: who is in the course, scores, late days, and grades. Without a command, all grades."""
    from grader.course.assignment import load_course

    course = load_course(context.obj)
    context.obj = (course, url, who or getpass.getuser(), as_of and as_of.replace(tzinfo=UTC), demonstration)
    if context.invoked_subcommand is None:
        if not url and not demonstration and commands().is_missing(course):
            click.echo(
                'There is no book yet (`make book ARGS="roster FILE"` begins one). This is a demonstration course.'
            )
            context.obj = (*context.obj[:-1], True)
        with _desk(context, create=False) as desk:
            commands().show(desk)


@contextmanager
def _desk(context: click.Context, create: bool, dry: bool = False, changes: bool = False) -> Iterator[Desk]:
    """The book that a command works with."""
    course, url, who, as_of, demonstration = context.obj
    if as_of is not None and changes:
        raise click.UsageError("--as-of shows the book as it was: nothing can be entered into the past.")
    made = (
        commands().open_demonstration(course)
        if demonstration
        else commands().open_book(course, url, create and not dry)
    )
    with made as opened:
        yield commands().Desk(course, opened, who, dry, as_of)


@book.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    """Write all of the book into a new file, also while others work."""
    with _desk(context, create=False) as desk:
        commands().backup(desk, file)


@book.command()
@click.argument("file", type=FILE)
@dry_run
@click.pass_context
def roster(context: click.Context, file: Path, dry: bool) -> None:
    """Enter everybody in a CSV: key,name, and a column for each system."""
    with _desk(context, create=True, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().enter_roster(desk, file) else 1)


@book.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--homework", required=True, help="Such as hw0.")
@click.option("--times", type=FILE, help="A CSV: submission,handed_in, with an offset or a column zone.")
@click.option(
    "--system", default="results", help="The roster's column with the names of submissions (default: results)."
)
@click.option(
    "--submissions",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A platform's download, zip or folder, or its CSV: times are read from there.",
)
@click.option("--file-dates", is_flag=True, help="Where a download has no time, take the date of its files.")
@dry_run
@click.pass_context
def results(
    context: click.Context,
    folder: Path,
    homework: str,
    times: Path | None,
    system: str,
    submissions: tuple[Path, ...],
    file_dates: bool,
    dry: bool,
) -> None:
    """Enter the scores of a run of `make grade`."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        entered = commands().enter_results(desk, folder, homework, times, system, submissions, file_dates)
        sys.exit(0 if entered else 1)


@book.command()
@click.argument("file", type=FILE)
@dry_run
@click.pass_context
def project(context: click.Context, file: Path, dry: bool) -> None:
    """Enter scores of the project from a CSV: student,part,points."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().enter_project(desk, file) else 1)


@book.command()
@click.argument("file", type=FILE)
@dry_run
@click.pass_context
def extensions(context: click.Context, file: Path, dry: bool) -> None:
    """Enter more days for some from a CSV: student,homework,days,reason."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().enter_extensions(desk, file) else 1)


@book.command()
@click.argument("file", type=FILE)
@dry_run
@click.pass_context
def excused(context: click.Context, file: Path, dry: bool) -> None:
    """Enter who is excused from a CSV: student,homework,reason."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().enter_excusals(desk, file) else 1)


@book.command()
@click.argument("file", type=FILE)
@dry_run
@click.pass_context
def groups(context: click.Context, file: Path, dry: bool) -> None:
    """Enter who hands in together from a CSV: group,student and, where groups change, homework."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().enter_groups(desk, file) else 1)


@book.command()
@click.argument("homework")
@click.option("--history", "past", is_flag=True, help="Show all that was ever in force, and enter nothing.")
@dry_run
@click.pass_context
def rubric(context: click.Context, homework: str, past: bool, dry: bool) -> None:
    """Put a homework's rubric.toml in force, such as that of hw0."""
    with _desk(context, create=False, dry=dry, changes=not past) as desk:
        if past:
            by_hand().rubric_history(desk, homework)
            return
        sys.exit(0 if by_hand().enter_rubric(desk, homework) else 1)


@book.command()
@click.argument("file", type=FILE)
@dry_run
@click.pass_context
def marks(context: click.Context, file: Path, dry: bool) -> None:
    """Enter points by hand from a CSV: student,homework,question and points, items or both, and comment."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if by_hand().enter_marks(desk, file) else 1)


@book.command()
@click.argument("homework", default="")
@click.pass_context
def graders(context: click.Context, homework: str) -> None:
    """Show what each grader gave, and how long an answer took."""
    with _desk(context, create=False) as desk:
        by_hand().graders(desk, homework)


@book.command()
@click.pass_context
def statistics(context: click.Context) -> None:
    """Show how each homework went, and who lacks what."""
    with _desk(context, create=False) as desk:
        by_hand().statistics(desk)


@book.command()
@click.argument("student")
@click.argument("into")
@why
@dry_run
@click.pass_context
def merge(context: click.Context, student: str, into: str, why: str, dry: bool) -> None:
    """Make one student of two names."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().merge(desk, student, into, why) else 1)


@book.command()
@click.argument("entry")
@why
@dry_run
@click.pass_context
def withdraw(context: click.Context, entry: str, why: str, dry: bool) -> None:
    """Take an entry back; `history` names it."""
    with _desk(context, create=False, dry=dry, changes=True) as desk:
        sys.exit(0 if commands().withdraw(desk, entry, why) else 1)


@book.command()
@click.argument("name")
@click.option("--page", type=FILE, help="Write the student's page here, too.")
@click.pass_context
def student(context: click.Context, name: str, page: Path | None) -> None:
    """Explain one student's grade."""
    with _desk(context, create=False) as desk:
        commands().student(desk, name, page)


@book.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def pages(context: click.Context, folder: Path) -> None:
    """Write every student's page."""
    with _desk(context, create=False) as desk:
        commands().pages(desk, folder)


@book.command()
@click.argument("name")
@click.pass_context
def history(context: click.Context, name: str) -> None:
    """Show all that was ever entered of a student."""
    with _desk(context, create=False) as desk:
        commands().history(desk, name)


@book.command()
@click.argument("file", type=FILE)
@click.pass_context
def export(context: click.Context, file: Path) -> None:
    """Write all grades as a CSV."""
    with _desk(context, create=False) as desk:
        commands().export(desk, file)


@book.command()
@click.argument("export", type=FILE)
@click.option("--column", required=True, help="The column of Canvas's gradebook to fill.")
@click.option("--homework", default="", help="Fill in the points of this homework (default: grades of the course).")
@click.option("--out", required=True, type=FILE, help="Where the filled gradebook goes.")
@dry_run
@click.pass_context
def canvas(context: click.Context, export: Path, column: str, homework: str, out: Path, dry: bool) -> None:
    """Fill a column of an exported Canvas gradebook."""
    with _desk(context, create=False, dry=dry) as desk:
        sys.exit(0 if platforms().fill_canvas(desk, export, column, out, homework) else 1)


@book.command()
@click.argument("worksheet", type=FILE)
@click.option("--homework", required=True, help="Such as hw0.")
@click.option("--out", required=True, type=FILE, help="Where the filled worksheet goes.")
@dry_run
@click.pass_context
def moodle(context: click.Context, worksheet: Path, homework: str, out: Path, dry: bool) -> None:
    """Fill grade and feedback into a grading worksheet of Moodle."""
    with _desk(context, create=False, dry=dry) as desk:
        sys.exit(0 if platforms().fill_moodle(desk, worksheet, homework, out) else 1)


@book.command()
@click.argument("file", type=FILE)
@click.option("--homework", "homeworks", multiple=True, help="Only this one (several times; default: all).")
@click.pass_context
def nbgrader(context: click.Context, file: Path, homeworks: tuple[str, ...]) -> None:
    """Write the points of homeworks in the columns of nbgrader's export."""
    with _desk(context, create=False) as desk:
        platforms().export_nbgrader(desk, file, homeworks)
