"""What somebody should look at in a book, though nothing in it is wrong by itself. Pure functions, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from grader.book.entered import LAST
from grader.book.policy import Policy
from grader.book.rows import Content, Entry, Marked, Score, counting, groups, roots
from grader.book.standing import HOMEWORK, Work

AHEAD = timedelta(hours=1)  # chosen: clocks of two machines are nearer than that


def marked_apart(before: Sequence[Entry], new: Iterable[Content]) -> Iterator[str]:
    """Answers that were marked differently before two students became one, or began to hand in together: the last
    marking counts, and it may be the wrong one."""
    after = [*before, *(Entry(content, "-", "-", LAST, i) for i, content in enumerate(new))]
    then, now = _units(before), _units(after)
    marked = dict[tuple[str, str, str], Marked]()
    for entry in counting(before):
        if isinstance(entry.content, Marked):
            each = entry.content
            marked.pop((then(each.student, each.what), each.what, each.question), None)  # the last one comes last
            marked[then(each.student, each.what), each.what, each.question] = each
    together = dict[tuple[str, str, str], list[Marked]]()
    for (_, what, question), each in marked.items():
        together.setdefault((now(each.student, what), what, question), []).append(each)
    for (_, what, question), given in together.items():
        if len({each.marking for each in given}) > 1:
            who = " and ".join(sorted({each.student for each in given}))
            yield (
                f"{what} {question} of {who} was marked differently, and now one marking counts for all of them: "
                f"the last, that of {given[-1].student}. Mark it again if that is wrong."
            )


def _units(entries: Sequence[Entry]) -> Callable[[str, str], str]:
    """Who stands for a student in a homework: the first of those who hand in together."""
    counted = counting(entries)
    merged, found = roots(counted), groups(counted)
    return lambda student, what: found.together(merged.of(student), what)[0]


def hand_ins_lost(before: Mapping[str, Work], after: Mapping[str, Work]) -> Iterator[str]:
    """Students who lose hand-ins by what was entered of groups or merges."""
    for key in sorted(before.keys() & after.keys()):
        for what in sorted(before[key].handed_in.keys() | after[key].handed_in.keys()):
            was, now = (len(works[key].handed_in.get(what, ())) for works in (before, after))
            if was > now:
                yield f"{key}: {was} hand-in{'s' * (was != 1)} of {what} counted, and now {now}. Is that meant?"


def entered_again(before: Sequence[Entry], new: Iterable[Content]) -> Iterator[str]:
    """What somebody had withdrawn, and this import brings back."""
    there = {entry.id for entry in counting(before)}
    gone = {entry.content: entry for entry in before if entry.id not in there}
    for content in new:
        if (entry := gone.get(content)) is not None:
            yield f"entry {entry.id} was withdrawn, and the same is entered again. Withdraw it again if that is wrong."


def ahead_of_time(entries: Sequence[Entry], now: datetime) -> Iterator[str]:
    """A clock that was wrong once dates all that is entered later."""
    if entries and max(entry.at for entry in entries) > now + AHEAD:
        latest = max(entries, key=lambda entry: entry.at)
        when = f"{latest.at:%Y-%m-%d %H:%M} UTC, which is still to come"
        yield f"entry {latest.id} by {latest.who} is of {when}: was a clock wrong? All that comes is dated after it."


def unknown_homeworks(entries: Iterable[Entry], policy: Policy) -> Iterator[str]:
    """Scores of homeworks that the course does not have: renamed in course.toml, they count for nobody."""
    known = {each.name for each in policy.homeworks}
    scores = (each.content for each in counting(entries) if isinstance(each.content, Score))
    for name in sorted({each.what for each in scores if each.group == HOMEWORK} - known):
        yield f"{name}: the book has scores of it, and the course has no such homework. They count for nobody."
