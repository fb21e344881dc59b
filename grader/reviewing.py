"""The command that opens a review: `python -m grader review hw0`. `staff.py` loads it."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Literal

import click

from grader.cli import load, main
from grader.errors import GraderError

FOLDER = click.Path(path_type=Path, file_okay=False)


@main.command()
@click.argument("homework", default="hw0")
@click.option(
    "--submissions",
    type=click.Path(path_type=Path),
    help="A folder of submissions, as for grade (default: a demonstration).",
)
@click.option("--by", type=click.Choice(["question", "student"]), default="question", help="What comes after what.")
@click.option("--hide-names", is_flag=True, help="Do not say whose an answer is.")
@click.option("--shuffle", is_flag=True, help="Students in random order, another one for each grader and question.")
@click.option("--question", "questions", multiple=True, help="Only this question (may be given several times).")
@click.option("--who", default="", help="Who marks (default: your name on this machine).")
@click.option("--book", "url", default="", help="A database URL (default: book/book.db).")
@click.option("--results", type=FOLDER, help="Results of grade, for key w (default: results/<homework>).")
@click.option("--system", default="results", help="The roster's column with the names of submissions.")
@click.option("--port", type=click.IntRange(1024, 65535), help="Where it listens (default: the port of last time).")
@click.option("--keep", type=FOLDER, help="Where port and token are kept (default: beside the book).")
@click.option("--open", "open_browser", is_flag=True, help="Open a browser, too.")
@click.option("--demonstration", is_flag=True, help="A course to look at, in place of yours.")
@click.pass_obj
def review(
    root: Path,
    homework: str,
    submissions: Path | None,
    by: Literal["question", "student"],
    hide_names: bool,
    shuffle: bool,
    questions: tuple[str, ...],
    who: str,
    url: str,
    results: Path | None,
    system: str,
    port: int | None,
    keep: Path | None,
    open_browser: bool,
    demonstration: bool,
) -> None:
    """Mark written answers on a page of this machine, by keyboard. The gradebook keeps the marks."""
    from grader.commands import book
    from grader.commands import review as command

    course, assignment = load(root, homework)
    wishes = command.Wishes(
        who or getpass.getuser(), by, hide_names, shuffle, questions, port, keep, system, results, open_browser
    )
    if demonstration or (submissions is None and not url and book.is_missing(course)):
        command.review_demonstration(course, assignment, wishes)
    elif submissions is None:
        raise GraderError("Say where the submissions are: make review HW=hw0 SUBMISSIONS=folder.")
    else:
        command.review(course, assignment, submissions, url, wishes)
