"""`similar`: which submissions of a class are alike, compared with each other and with earlier years."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from grader.atomic import write_atomically
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.intake import Asked, Wanted, look_through, read_entry
from grader.report.files import inert
from grader.report.terminal import wide_console
from grader.sandbox.shut_in import lacking
from grader.similarity.compared import LEAST, Compared, Text, compared
from grader.similarity.page import index_page, pair_page

MOST_PAGES = 200
COLUMNS = ("one", "other", "module", "share_of_one", "share_of_other", "signs")


def compare_class(
    assignment: Assignment,
    submissions: Path,
    earlier: tuple[Path, ...],
    out: Path,
    least: float = LEAST,
    console: Console | None = None,
) -> Compared:
    """Writes `index.html`, a page for each pair, and `similar.csv` with all pairs.

    What cannot be read is told and not compared. Raises `CourseError` where nothing can be written, and for an earlier
    year that is this class.
    """
    console = console or wide_console()

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    texts, unread = list[Text](), dict[str, str]()
    texts += _texts(assignment, submissions, unread)
    for folder, year in years(submissions, earlier).items():
        texts += _texts(assignment, folder, unread, year)
    found = compared(texts, list(assignment.sources(assignment.folder).values()), least)
    found = replace(found, unread={**unread, **found.unread})
    shown = found.pairs[:MOST_PAGES]
    pages = [f"pair{number:03}.html" for number in range(1, len(shown) + 1)]
    title = f"{assignment.short.upper()}: {assignment.title}"
    students = len({text.owner for text in texts if not text.earlier})
    _write(out / "index.html", index_page(title, replace(found, pairs=shown), pages, students))
    for page, pair in zip(pages, shown, strict=True):
        _write(out / page, pair_page(title, pair))
    for old in out.glob("pair[0-9]*.html"):  # of an earlier comparison: it would pass for current
        if old.name not in pages:
            old.unlink(missing_ok=True)
    _write(out / "similar.csv", _csv(found))
    for name, why in found.unread.items():
        say(f"{name}: not compared: {why}", "yellow")
    for group in found.identical:
        say(f"{group.module}: {len(group.owners)} have the same text: {', '.join(group.owners)}")
    if told := lacking(found.walls) if texts else "":
        say(told, "yellow")
    say(f"{students} submissions, {len(found.pairs)} pairs that are alike: {out / 'index.html'} and similar.csv.")
    if len(shown) < len(found.pairs):
        say(f"The {MOST_PAGES} most alike have pages; similar.csv has all.")
    return found


def years(submissions: Path, earlier: Sequence[Path]) -> dict[Path, str]:
    """What each earlier folder is called: by the end of its path, and as much of it as tells it from the others.

    One that is given twice counts once. Raises `CourseError` for the class's own folder.
    """
    places = {folder.resolve(): folder for folder in earlier}
    if submissions.resolve() in places:
        raise CourseError(f"{submissions}: is the class itself, and no earlier year. Name another folder.")
    for depth in range(1, max((len(place.parts) for place in places), default=0) + 1):
        named = {folder: "/".join(place.parts[-depth:]) for place, folder in places.items()}
        if len(set(named.values())) == len(named):
            return named
    return {}


def _texts(assignment: Assignment, folder: Path, unread: dict[str, str], year: str = "") -> Iterator[Text]:
    wanted = Wanted.of(assignment)
    for entry in look_through(folder, Asked.of(assignment)).entries:
        submission = read_entry(entry, wanted)
        owner = f"{year}: {submission.name}" if year else submission.name
        if submission.refusal is not None:
            unread[owner] = str(submission.refusal)
        for module, source in submission.modules.items():
            yield Text(owner, module, source, bool(year))


def _csv(found: Compared) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for pair in found.pairs:
        names = [inert(pair.one.text.owner), inert(pair.other.text.owner), inert(pair.one.text.module)]
        writer.writerow([*names, f"{pair.one.share:.3f}", f"{pair.other.share:.3f}", pair.signs])
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({error.strerror}). Name another folder with --out.") from None
