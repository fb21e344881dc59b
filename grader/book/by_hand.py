"""Points by checks and by hand in words: each question with its items and the comment, rounded so that all adds up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.book.policy import LEFT_OUT, Policy
from grader.book.rounding import rounded, rounded_parts
from grader.book.standing import CHECKS, HandIn, Work, open_work
from grader.hand.marking import Answered, ByHand


@dataclass(frozen=True)
class Line:
    """One question as it is printed. `says` are its items, what was adjusted, and what it lacks."""

    question: str
    title: str
    points: str
    of: str
    says: str
    comment: str


@dataclass(frozen=True)
class Parts:
    """A homework's points as they are printed: `checks` and `hand` add up to the whole, and `lines` to `hand`.

    `left_out` is what questions give that are not marked and do not count so far; "" where all count."""

    checks: str
    of_checks: str
    hand: str
    of_hand: str
    left_out: str
    lines: tuple[Line, ...]


def parts_of(policy: Policy, hand_in: HandIn, by_hand: ByHand) -> Parts:
    """What a hand-in's points are made of."""
    checks, *points = rounded_parts([hand_in.points - hand_in.by_hand, *(each.points for each in by_hand.answers)])
    of_checks, of_hand = rounded_parts([hand_in.of - hand_in.of_by_hand, hand_in.of_by_hand])
    lines = [line_of(policy, each, shown) for each, shown in zip(by_hand.answers, points, strict=True)]
    hand, left_out = rounded(sum(map(Fraction, points), Fraction(0))), by_hand.of - hand_in.of_by_hand
    return Parts(checks, of_checks, hand, of_hand, rounded(left_out) if left_out else "", tuple(lines))


def line_of(policy: Policy, answered: Answered, points: str) -> Line:
    """One question in words; `points` is what it gave, as it is printed."""
    question, marking = answered.question, answered.marking
    said = [answered.lacks] if answered.lacks else []
    if answered.lacks:
        said.append("left out so far" if policy.unmarked == LEFT_OUT else "0 so far")
    elif marking:
        applied = [item for item in question.items if item.id in marking.items]
        said = [f"{item.text} ({_signed(item.points)})" for item in applied]
        said += [f"adjusted ({_signed(marking.adjustment)})"] if marking.adjustment else []
        whole = sum((item.points for item in applied), marking.adjustment)
        if whole != answered.points:
            bound = "at most" if whole > answered.points else "at least"
            said.append(f"{bound} {rounded(answered.points)}")
    comment = marking.comment if marking else ""
    return Line(question.id, question.title, points, rounded(question.points), "; ".join(said), comment)


def _signed(points: Fraction) -> str:
    return f"{'+' if points >= 0 else ''}{rounded(points)}"


def in_words(policy: Policy, name: str, hand_in: HandIn, by_hand: ByHand) -> Iterator[str]:
    """A line for each question, and one for what was marked and is in the rubric no longer."""
    for line in parts_of(policy, hand_in, by_hand).lines:
        says = f" {line.says}." if line.says else ""
        comment = f' "{line.comment}"' if line.comment else ""
        yield f"{name} {line.question}, {line.title}: {line.points} of {line.of}.{says}{comment}"
    if by_hand.strays:
        gone = ", ".join(by_hand.strays)
        yield f"{name}: {gone} was marked, but the rubric has no such question: this gives no points."


def lacking(policy: Policy, work: Work) -> Mapping[str, str]:
    """What is still open of each homework: "7a, 7b, checks". Nothing where all is graded."""
    return {name: ", ".join(lacks) for name, lacks in open_work(policy, work).items()}


def not_final(policy: Policy, work: Work) -> str:
    """A sentence for a grade that is not final, because something has no points yet; "" for one that is."""
    found = open_work(policy, work)
    answers = {name: ", ".join(each for each in lacks if each != CHECKS) for name, lacks in found.items()}
    said = []
    if those := "; ".join(f"{name} {questions}" for name, questions in answers.items() if questions):
        so_far = "is left out" if policy.unmarked == LEFT_OUT else "counts as 0"
        said.append(f"to be marked {those}. Until then it {so_far}.")
    if those := ", ".join(name for name, lacks in found.items() if CHECKS in lacks):
        said.append(f"no result by checks yet of {those}. Until then these points are 0.")
    return f"Not final: {' Also: '.join(said)}" if said else ""
