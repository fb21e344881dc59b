"""Students' pages of the demonstration course in a real browser. Screenshots are kept in build/book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.commands.book import Desk, open_demonstration, pages
from grader.course.assignment import load_course

REPOSITORY = Path(__file__).parents[2]
SHOWN = ("emmy", "mary", "marie", "karl")  # a replacement; late days; a group; marks that are not all there


def test_students_pages_are_good_for_readers(good_for_readers: Any, tmp_path: Path) -> None:
    course = load_course(REPOSITORY).model_copy(update={"folder": tmp_path})
    with open_demonstration(course) as book:
        pages(Desk(course, book, "a test"), tmp_path / "pages")
    made = {name: (tmp_path / "pages" / f"{name}.html").read_text(encoding="utf-8") for name in SHOWN}
    good_for_readers(made, REPOSITORY / "build" / "book")
