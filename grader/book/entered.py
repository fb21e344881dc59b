"""What the book has already of what is entered again: whose a hand-in is, when it was handed in, who is in a group.

Pure functions. Merged students are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath

from grader.book.rows import Content, Entry, Membership, Score, counting, groups, roots
from grader.book.times import Time, with_time
from grader.judge.result import Result

LAST = datetime.max.replace(tzinfo=UTC)


def grouped(entries: Iterable[Entry], homework: str) -> frozenset[str]:
    """Who is in a group that an import of results made, because a platform says so."""
    return frozenset(
        student
        for student, each in _latest_groups(entries, homework).items()
        if _of_import(each) and each.content.group
    )


def grouped_by_staff(entries: Iterable[Entry], homework: str) -> frozenset[str]:
    """Whose group for just this homework, or whose being alone, staff entered last: that is theirs to change."""
    return frozenset(student for student, each in _latest_groups(entries, homework).items() if not _of_import(each))


def why_results(homework: str) -> str:
    """Why an import of results enters something."""
    return f"results of {homework}"


@dataclass(frozen=True)
class _Grouped:
    content: Membership
    why: str


def _latest_groups(entries: Iterable[Entry], homework: str) -> dict[str, _Grouped]:
    """What was entered last of each student's group for this homework alone."""
    entries = counting(entries)
    merged = roots(entries)
    return {
        merged.of(each.content.student): _Grouped(each.content, each.why)
        for each in entries
        if isinstance(each.content, Membership) and each.content.what == homework
    }


def _of_import(grouped: _Grouped) -> bool:
    return grouped.why == why_results(grouped.content.what)


def with_known_times(contents: Sequence[Content], entries: Iterable[Entry]) -> tuple[Content, ...]:
    """The same, where a score without a time, or with one from a worse source, keeps what the book has of the same
    piece of work."""
    entries = counting(entries)
    merged, known = roots(entries), dict[tuple[str, str, str], tuple[tuple[Time, ...], Time]]()

    def of(score: Score) -> tuple[str, str, str]:
        return merged.of(score.student), score.what, score.fingerprint

    for score in (each.content for each in entries if isinstance(each.content, Score)):
        if score.handed_in is not None:
            new = Time(score.handed_in, score.timed_by)
            times = with_time(known[of(score)][0] if of(score) in known else (), new)
            known[of(score)] = times, new if new in times else times[-1]

    def timed(content: Content) -> Content:
        if not isinstance(content, Score) or of(content) not in known:
            return content
        times, last = known[of(content)]
        if content.handed_in is not None:
            told = Time(content.handed_in, content.timed_by)
            if told in with_time(times, told):
                return content
        return replace(content, handed_in=last.at, timed_by=last.by)

    def known_already(content: Content) -> Content:
        """The book's own, where the same was graded: that is no news. A newer grading is, whatever it gives."""
        if not isinstance(content, Score) or (own := latest.get(of(content))) is None:
            return content
        newer = content.graded_at and (own.graded_at is None or content.graded_at > own.graded_at)
        return own if not newer and replace(content, graded_at=own.graded_at) == own else content

    latest = {of(each.content): each.content for each in entries if isinstance(each.content, Score)}
    return tuple(known_already(timed(content)) for content in contents)


def outdated(contents: Iterable[Content], entries: Iterable[Entry]) -> dict[Score, Entry]:
    """Scores that were judged before the one which the book has of the same work, and that say something else."""
    entries = counting(entries)
    merged = roots(entries)
    latest = {
        (merged.of(each.content.student), each.content.what, each.content.fingerprint): each
        for each in entries
        if isinstance(each.content, Score)
    }
    found = dict[Score, Entry]()
    for score in contents:
        if isinstance(score, Score) and score.graded_at is not None:
            entry = latest.get((merged.of(score.student), score.what, score.fingerprint))
            known = entry.content if entry else None
            if not entry or not isinstance(known, Score) or known.graded_at is None:
                continue
            if score.graded_at < known.graded_at and (score.points, score.of) != (known.points, known.of):
                found[score] = entry
    return found


def entered_for(results: Iterable[Result], entries: Sequence[Entry], homework: str) -> dict[str, str]:
    """The student of each submission whose score is in the book: by its name, and the fingerprint of what it holds."""
    entries = counting(entries)
    merged = roots(entries)
    known = {
        (PurePath(each.source).stem, each.fingerprint): merged.of(each.student)
        for each in (entry.content for entry in entries)
        if isinstance(each, Score) and each.what == homework
    }
    whose = {result.submission: known.get((result.submission, result.fingerprint), "") for result in results}
    return {name: key for name, key in whose.items() if key}


def submissions_in(entries: Iterable[Entry], homework: str) -> dict[str, set[str]]:
    """Whose each submission of this name is, as scores say."""
    entries = counting(entries)
    merged, found = roots(entries), dict[str, set[str]]()
    for score in (each.content for each in entries if isinstance(each.content, Score)):
        if score.what == homework:
            found.setdefault(PurePath(score.source).stem, set()).add(merged.of(score.student))
    return found


def scored(entries: Iterable[Entry], homework: str) -> frozenset[tuple[str, str]]:
    """Who has a score of which hand-in, by the student and the fingerprint."""
    entries = counting(entries)
    merged, contents = roots(entries), (each.content for each in entries)
    return frozenset(
        (merged.of(each.student), each.fingerprint)
        for each in contents
        if isinstance(each, Score) and each.what == homework
    )


def of_somebody_else(
    contents: Iterable[Content], entries: Sequence[Entry], together: Iterable[Membership] = ()
) -> dict[Score, Entry]:
    """Scores of which the book has the same submission under a student who does not hand in with theirs: a roster was
    corrected, and what was entered before is still there."""
    coming = [Entry(each, "-", "-", LAST, place) for place, each in enumerate(together)]
    counted = counting(entries)
    merged, now = roots(counted), groups([*counted, *coming])
    known = {
        (each.content.what, each.content.source, each.content.fingerprint): each
        for each in counted
        if isinstance(each.content, Score) and each.content.source and each.content.fingerprint
    }
    found = dict[Score, Entry]()
    for score in contents:
        entry = known.get((score.what, score.source, score.fingerprint)) if isinstance(score, Score) else None
        if entry is not None and isinstance(score, Score) and isinstance(entry.content, Score):
            theirs = merged.of(entry.content.student)
            if theirs not in now.together(merged.of(score.student), score.what):
                found[score] = entry
    return found
