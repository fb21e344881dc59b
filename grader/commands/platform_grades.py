"""`book canvas`, `book moodle`, `book nbgrader`: grades in the tables of other systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from grader.book import canvas, moodle, nbgrader_grades, tables
from grader.book.explained import HUNDRED
from grader.book.importing import roster_of
from grader.book.of_homework import Came, came_to, to_earn
from grader.book.roster import Person
from grader.commands.book import Desk, graded, put, say_what_is_open
from grader.course.assignment import Assignment
from grader.intake.names import listed

MOST_NAMED = 20


def fill_canvas(desk: Desk, export: Path, column: str, out: Path, homework: str = "") -> bool:
    """A column of an exported gradebook, filled: with the points of a homework, or else with grades of the course in
    points of a hundred. All else stays byte for byte."""
    found = graded(desk)
    roster = roster_of(desk.book.students(desk.as_of).values())
    system = roster.system(canvas.SYSTEM) if roster.has(canvas.SYSTEM) else "name"
    points, of = {key: HUNDRED * standing.grade for key, (_, standing) in found.items()}, None
    if homework:
        assignment, came = _homework(desk, homework)
        points = {key: each.points for key, each in came.items()}
        of = to_earn(came, _worth(assignment))
    filled = canvas.fill(tables.content_of(export), export, column, points, roster, system, of=of)
    if not desk.dry:
        put(out, filled.content)
    desk.say(f"{len(filled.changes)} cells of {filled.column} {'would be ' * desk.dry}filled.", "bold")
    say_what_is_open(desk, [work for work, _ in found.values()])
    _say_who(desk, "stay as they are, excused in Canvas or not assigned", [each.key for each in filled.left_alone])
    return _all_found(desk, "Canvas", filled.only_here, [line.name for line in filled.only_there], filled.doubtful)


def fill_moodle(desk: Desk, worksheet: Path, homework: str, out: Path) -> bool:
    """A grading worksheet, filled with the grade and the feedback of a homework. All else stays byte for byte."""
    _, came = _homework(desk, homework)
    roster = roster_of(desk.book.students(desk.as_of).values())
    filled = moodle.fill(tables.content_of(worksheet), worksheet, came, roster)
    if not desk.dry:
        put(out, filled.content)
    desk.say(f"{len(filled.graded)} grades {'would be ' * desk.dry}filled in.", "bold")
    say_what_is_open(desk, [work for work, _ in graded(desk).values()])
    _say_who(desk, "have a grade that Moodle says cannot be changed", [each.called for each in filled.locked])
    _say_who(desk, "have a comment already, which stays", [each.called for each in filled.said])
    _say_who(
        desk,
        "have a comment of an earlier filling, which tells other points and stays. Empty it there, then fill again",
        [each.called for each in filled.stale],
    )
    there = [line.called for line in filled.only_there]
    return _all_found(desk, "the worksheet", filled.only_here, there, filled.doubtful) and not (
        filled.locked or filled.stale
    )


def export_nbgrader(desk: Desk, file: Path, homeworks: Sequence[str]) -> None:
    """Grades of homeworks, of all if none is named, in the columns of nbgrader's export."""
    names = homeworks or [each.name for each in desk.policy.homeworks]
    works = graded(desk)
    found = list[nbgrader_grades.Assignment]()
    for name in names:
        assignment, came = _homework(desk, name)
        excused = {key for key, (work, _) in works.items() if assignment.name in work.excused}
        found.append(nbgrader_grades.Assignment(assignment.name, _worth(assignment), came, excused))
    people: dict[str, Person] = {}
    for person in roster_of(desk.book.students(desk.as_of).values()).people:
        people.setdefault(person.key, person)
    rows = nbgrader_grades.grades(desk.policy, found, list(people.values()))
    put(file, tables.table(rows))
    desk.say(f"Written: {file}, {len(people)} students, {len(found)} homework{'s' * (len(found) != 1)}.")
    say_what_is_open(desk, [work for work, _ in works.values()])


def _homework(desk: Desk, name: str) -> tuple[Assignment, dict[str, Came]]:
    assignment = desk.course.assignment(name)
    return assignment, came_to(desk.policy, graded(desk), assignment.name)


def _worth(assignment: Assignment) -> Fraction:
    """All points of a homework, by checks and by hand."""
    return sum((problem.points for problem in assignment.problems), Fraction(0))


def _all_found(
    desk: Desk, table: str, only_here: Sequence[str], only_there: Sequence[str], doubtful: Mapping[int, str]
) -> bool:
    """Says who is in the book alone, who in the table alone, and which lines are doubtful. Whether nobody is."""
    for key in only_here:
        desk.say(f"not in {table}: {key}", "yellow")
    for name in only_there:
        desk.say(f"not in the book: {name}", "yellow")
    for number, why in doubtful.items():
        desk.say(f"line {number}: {why}", "yellow")
    return not (only_here or only_there or doubtful)


def _say_who(desk: Desk, what: str, who: Sequence[str]) -> None:
    if who:
        desk.say(f"{what}: {listed(list(who), MOST_NAMED)}", "yellow")
