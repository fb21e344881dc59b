"""`book rubric`, `marks`, `graders` and `statistics`: points that people give, and the class in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from rich.table import Table

from grader.book import importing
from grader.book.explained import HUNDRED
from grader.book.graders import of_graders
from grader.book.importing import Imported
from grader.book.marks import read_marks
from grader.book.rounding import rounded
from grader.book.rows import contents_of, told
from grader.book.spread import of_class
from grader.commands.book import Desk, cell, enter
from grader.course.points import decimal
from grader.hand.rubric import Rubric, rubric_of

MOST_NAMED = 10  # students in one cell


def enter_rubric(desk: Desk, homework: str) -> bool:
    """Puts the rubric of a homework's solution in force, and says what that does to markings."""
    rubric = rubric_of(desk.course.assignment(homework))
    before = desk.book.rubric(rubric.homework)
    entered = enter(desk, Imported(tuple(contents_of(rubric))), f"rubric of {rubric.homework}")
    for line in _changes(before, rubric, _used(desk, rubric.homework)) if before else ():
        desk.say(line, "yellow")
    return entered


def rubric_history(desk: Desk, homework: str) -> None:
    """All that was ever entered of a homework's rubric."""
    name = desk.course.assignment(homework).name
    table = Table("when", "who", "what", title=name, title_justify="left")
    for entry in desk.book.rubric_history(name, desk.as_of):
        table.add_row(*map(cell, (f"{entry.at:%Y-%m-%d %H:%M}", entry.who, told(entry.content))))
    desk.show(table)


Used = Counter[tuple[str, str]]  # how many answers an item was given to, by question and item; the item "" is any


def _used(desk: Desk, homework: str) -> Used:
    markings = desk.book.markings(homework).items()
    given = Counter((question, item) for (_, question), each in markings for item in each.marking.items)
    return given + Counter((question, "") for (_, question), _ in markings)


def _changes(before: Rubric, now: Rubric, used: Used) -> list[str]:
    """What is worth something else now, and what has to be marked again."""
    found = list[str]()
    for was in before.questions:
        question = now.question(was.id)
        if question is None:
            found.append(f"{was.id} is gone: {used[was.id, '']} markings of it count no longer.")
            continue
        if (question.points, question.floor) != (was.points, was.floor):
            now_gives = f"{decimal(question.floor)} to {decimal(question.points)}"
            found.append(f"{was.id}: gives {now_gives} and no longer {decimal(was.floor)} to {decimal(was.points)}.")
        for item in was.items:
            new, count = question.item(item.id), used[was.id, item.id]
            if new is None and count:
                found.append(f"{was.id}: the item {item.id} is gone. {_answers(count)} must be marked again.")
            elif new and new.points != item.points:
                worth = f"gives {decimal(new.points)} and no longer {decimal(item.points)}"
                found.append(f"{was.id}: the item {item.id} {worth}, for {_answers(count)}.")
    new_ones = [each.id for each in now.questions if before.question(each.id) is None]
    if new_ones:
        found.append(f"{', '.join(new_ones)}: new. No grade is final before these are marked.")
    return found


def _answers(count: int) -> str:
    return f"{count} answer{'s' * (count != 1)}"


def enter_marks(desk: Desk, file: Path) -> bool:
    """Points by hand from a table."""
    roster = importing.roster_of(desk.book.students().values())
    found = read_marks(file, desk.policy, desk.book.rubrics())
    return enter(desk, importing.of_marks(found, roster, desk.book.groups()), file.name)


def graders(desk: Desk, homework: str) -> None:
    """What each grader gave: of one homework, or of all that have markings."""
    rubrics = desk.book.rubrics(desk.as_of)
    if homework:
        name = desk.course.assignment(homework).name
        rubrics = {name: rubrics[name]} if name in rubrics else {}
    shown, groups = False, desk.book.groups(desk.as_of)
    for name, rubric in sorted(rubrics.items()):
        given = desk.book.all_markings(name, desk.as_of)  # an answer of several is one, whoever of them it was given to
        found = of_graders(rubric, [replace(each, student=groups.together(each.student, name)[0]) for each in given])
        if not found:
            continue
        shown = True
        table = Table("grader", "question", title=name, title_justify="left")
        for column in ("answers", "mean", "to the others", "same answers", "to the others there", "time"):
            table.add_column(column, justify="right")
        for each in found:
            twice = (str(each.twice) if each.twice else "", _difference(each.twice_difference))
            numbers = (str(each.answers), _percent(each.share), _difference(each.difference), *twice, _time(each.took))
            table.add_row(*map(cell, (each.who if not each.question else "", each.question or "all", *numbers)))
        desk.show(table)
    if not shown:
        desk.say("Nothing was marked by hand yet.")


def statistics(desk: Desk) -> None:
    """How each homework and part of the project went, and who lacks what."""
    policy, works = desk.policy, desk.book.works(desk.as_of)
    table = Table(title=f"{len(works)} students; shares of all points, before lateness", title_justify="left")
    table.add_column("what")
    for column in ("count", "mean", "least", "quarter", "median", "three quarters", "most", "to be marked"):
        table.add_column(column, justify="right")
    table.add_column("lacking", ratio=1)
    for each in of_class(policy, works):
        of = each.shares
        numbers = [_percent(value) for value in (of.mean, of.least, of.lower, of.median, of.upper, of.most)]
        named = ", ".join(each.lacking[:MOST_NAMED])
        more = len(each.lacking) - MOST_NAMED
        lacking = f"{named} and {more} more" if more > 0 else named
        unmarked = str(each.unmarked) if each.unmarked else ""
        table.add_row(*map(cell, (each.name, str(of.count), *(numbers if of.count else [""] * 6), unmarked, lacking)))
    desk.show(table)


def _percent(share: Fraction) -> str:
    return f"{rounded(HUNDRED * share, 1)} %"


def _difference(difference: Fraction | None) -> str:
    return "" if difference is None else f"{'+' if difference >= 0 else ''}{_percent(difference)}"


def _time(took: timedelta | None) -> str:
    if took is None:
        return ""
    minutes, seconds = divmod(round(took.total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"
