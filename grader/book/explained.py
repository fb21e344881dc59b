"""A standing in words: where each number comes from, and what the late days are worth."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.book.by_hand import in_words, not_final, parts_of
from grader.book.lateness import shown_at
from grader.book.policy import Policy
from grader.book.rounding import rounded, rounded_parts
from grader.book.standing import HOMEWORK, Counted, Standing, Work, ends_at, in_order, too_late

HUNDRED = 100  # a grade is told in points of a hundred


def explained(policy: Policy, work: Work, standing: Standing) -> list[str]:
    """Line by line: each homework and part of the project, then late days, what was replaced, and the sum.

    Below a homework is a line for each question that people grade.
    """
    brings = rounded_parts([HUNDRED * each.value for each in standing.counted])  # as the page has it
    lines = list[str]()
    weighs = rounded_parts([HUNDRED * each.weight for each in standing.counted])
    for each, weight, value in zip(standing.counted, weighs, brings, strict=True):
        lines += [_line(policy, work, each, weight, value), *_by_hand(policy, work, each)]
    lines += [f"{name}: dropped, so that it does not count; the others weigh more." for name in standing.dropped]
    lines += [line for homework in policy.homeworks for line in _too_late(policy, work, homework.name)]
    lines += [_excused(policy, work, name, reason) for name, reason in work.excused.items()]
    lines += _of_late_days(policy, work, standing)
    if policy.replaces and (standing.replaced or policy.replaces in work.handed_in):
        lines.append(_of_replacing(policy, work, standing))
    if unmarked := not_final(policy, work):
        lines.append(unmarked)
    return [*lines, f"Together {rounded(HUNDRED * standing.grade)} of {HUNDRED}."]


def _line(policy: Policy, work: Work, counted: Counted, weight: str, value: str) -> str:
    weighs, brings = f"weighs {weight}", f"brings {value}"
    if counted.hand_in is None:
        of_project = counted.name in {part.name for part in policy.project}
        nothing = "no score yet" if of_project else "nothing was handed in"
        if counted.name in work.pending:
            nothing = "handed in, and not graded yet"
        elif too_late(policy, work, counted.name):
            nothing = "nothing was handed in before the end"
        what = f"{_percent(counted.share)} of its points" if counted.name in work.project else nothing
        return f"{counted.name}: {what}; {weighs}, {brings}."
    return f"{_earned(policy, work, counted)}; {weighs}, {brings}."


def homework_explained(policy: Policy, work: Work, counted: Counted) -> list[str]:
    """The same of one homework alone, without what it is for the grade; nothing where nothing was handed in."""
    if counted.hand_in is None:
        return []
    return [f"{_earned(policy, work, counted)}.", *_by_hand(policy, work, counted)]


def _earned(policy: Policy, work: Work, counted: Counted) -> str:
    assert counted.hand_in is not None  # there is nothing to tell of it
    earned = f"{rounded(counted.hand_in.points)} of {rounded(counted.hand_in.of)} points"
    if by_hand := work.by_hand.get(counted.name):
        parts = parts_of(policy, counted.hand_in, by_hand)
        more = f", {parts.left_out} more to be marked" if parts.left_out else ""
        earned += f" ({parts.checks} of {parts.of_checks} by checks, {parts.hand} of {parts.of_hand} by hand{more})"
    return f"{counted.name}: {earned}{_lateness(work, counted)}"


def _by_hand(policy: Policy, work: Work, counted: Counted) -> Iterator[str]:
    by_hand = work.by_hand.get(counted.name)
    if by_hand and counted.hand_in:
        yield from in_words(policy, counted.name, counted.hand_in, by_hand)


def _too_late(policy: Policy, work: Work, name: str) -> Iterator[str]:
    for each in too_late(policy, work, name):
        end = ends_at(policy, work, name)
        assert end is not None
        when = f"{shown_at(each.at, policy.zone)}, after the end on {shown_at(end, policy.zone)}"
        yield f"{name}: what was handed in on {when}, does not count."


def _lateness(work: Work, counted: Counted) -> str:
    extension = work.extensions.get(counted.name)
    extended = f", with {extension.days} more days ({extension.reason})" if extension else ""
    if not counted.late:
        return extended
    days = f"{counted.late} day{'s' * (counted.late > 1)} late"
    covered = f"{counted.spent} covered by late days" if counted.spent else "none covered by late days"
    lost = "" if counted.kept == 1 else f", so {_percent(counted.kept)} of the points are kept"
    return f"{extended}, {days}, {covered}{lost}"


def _of_late_days(policy: Policy, work: Work, standing: Standing) -> Iterator[str]:
    if not any(each.late for each in standing.counted):
        return
    yield f"Late days: {standing.spent} of {policy.late_days} spent."
    simply = in_order(policy, work, standing.replaced, standing.dropped)
    if simply.grade < standing.grade:
        where = ", ".join(f"{each.spent} on {each.name}" for each in standing.counted if each.spent)
        gain = rounded(HUNDRED * (standing.grade - simply.grade))
        yield f"They are spent where they are worth most ({where}): {gain} more than one homework after the other."


def _excused(policy: Policy, work: Work, name: str, reason: str) -> str:
    """What becomes of the weight of a homework that does not count."""
    weights = {each.name: each.weight for each in policy.graded}
    if not weights.get(name):  # optional, or of weight 0, or of this course no longer
        follows = "nothing else changes"
    elif any(weight for other, weight in weights.items() if other not in work.excused):
        follows = "the others weigh more"
    elif policy.project_weight:
        follows = "and so is all other homework: the project weighs more"
    else:
        follows = "and so is all other homework. Nothing is left that counts: please ask your course staff"
    return f"{name}: excused ({reason}); {follows}."


def _of_replacing(policy: Policy, work: Work, standing: Standing) -> str:
    if not standing.replaced and too_late(policy, work, policy.replaces):
        return f"{policy.replaces} replaces nothing: it came after its end."
    if not standing.replaced:
        return f"{policy.replaces} replaces nothing, because that would not raise the grade."
    what = "the other homeworks" if standing.replaced == HOMEWORK else "the project"
    return f"{policy.replaces} takes the place of {rounded(HUNDRED * policy.replacement)} points of {what}."


def _percent(share: Fraction) -> str:
    return f"{rounded(HUNDRED * share)} %"
