"""Claims: who looks at which answer now, so that several graders share a class without meeting at one answer.

A claim protects nothing: whoever marks an answer all the same is told when somebody else was faster. It ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select

from grader.book.schema import CLAIM


@dataclass(frozen=True)
class Claim:
    """`page` tells the windows of one grader apart."""

    homework: str
    question: str
    student: str
    who: str
    page: str
    until: datetime


def take(connection: Connection, wanted: Claim, now: datetime) -> Claim:
    """The claim that stands afterwards. The transaction must be one that no other writer shares."""
    same = and_(
        CLAIM.c.what == wanted.homework,
        CLAIM.c.question == wanted.question,
        CLAIM.c.student == wanted.student,
    )
    there = connection.execute(select(CLAIM).where(same, CLAIM.c.until > now)).first()
    if there is not None and there.page != wanted.page:
        return Claim(*there)
    connection.execute(delete(CLAIM).where((CLAIM.c.page == wanted.page) | (CLAIM.c.until <= now) | same))
    connection.execute(
        insert(CLAIM).values(
            what=wanted.homework,
            question=wanted.question,
            student=wanted.student,
            who=wanted.who,
            page=wanted.page,
            until=wanted.until,
        )
    )
    return wanted


def standing(connection: Connection, homework: str, now: datetime) -> list[Claim]:
    """All claims of a homework that are not over."""
    found = connection.execute(select(CLAIM).where(CLAIM.c.what == homework, CLAIM.c.until > now))
    return sorted((Claim(*row) for row in found), key=lambda claim: (claim.question, claim.student))
