"""The book's table, and how an entry becomes a row of it.

Points are text ("15/2"), because no number of a database is exact; moments are in UTC, to the microsecond.
"""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Index, Integer, MetaData, Row, Table, Text, TypeDecorator

from grader.book.rows import FIELDS, KINDS, Content, Entry, kind_of


class Moment(TypeDecorator[datetime]):
    """A moment with an offset. SQLite keeps none, so there it is always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Fraction]):
    """A fraction as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else _fraction(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Ids without spaces, with spaces between them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value.split())


@lru_cache(10_000)
def _fraction(value: str) -> Fraction:
    return Fraction(value)  # slow, and most scores of a class are alike


METADATA = MetaData()
ENTRY = Table(
    "entry",
    METADATA,
    # The order in which entries reached this book; nothing is computed with it.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("place", Integer, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("student", Text),
    Column("name", Text),
    Column("system", Text),
    Column("merged_into", Text),
    Column("what", Text),
    Column("part_of", Text),
    Column("points", Exact),
    Column("out_of", Exact),
    Column("handed_in", Moment),
    Column("source", Text),
    Column("fingerprint", Text),
    Column("days", Integer),
    Column("reason", Text),
    Column("target", Text),
    # Since the second version:
    Column("question", Text),
    Column("item", Text),
    Column("items", Words),
    Column("problem", Text),
    Column("floor", Exact),
    Column("text", Text),
    Column("timed_by", Text),
    # Since the fourth:
    Column("graded_at", Moment),
    Index("entry_student", "student"),
    Index("entry_name", "name"),
    Index("entry_kind", "kind"),
    Index("entry_entered_at", "entered_at"),
    Index("entry_what_kind", "what", "kind"),
)

# Who looks at which answer now: the one table whose rows change and go. Nothing is computed with it.
CLAIM = Table(
    "claim",
    METADATA,
    Column("what", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("student", Text, primary_key=True),
    Column("who", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("until", Moment, nullable=False),
)

# The names of fields that are called otherwise in the table: some are words of SQL.
COLUMNS = {
    **{"key": "student", "into": "merged_into", "of": "out_of", "group": "part_of", "entry_id": "target"},
    **{"questions": "items", "by_checks": "points", "title": "text", "adjustment": "points", "comment": "text"},
}
_PLACES = {
    kind: tuple(list(ENTRY.columns.keys()).index(COLUMNS.get(name, name)) for name in names)
    for kind, names in FIELDS.items()
}


def row_of(entry: Entry) -> dict[str, Any]:
    """The row of an entry: all columns but `number`."""
    kind = kind_of(entry.content)
    row: dict[str, Any] = {column.name: None for column in ENTRY.columns if column.name != "number"}
    row |= {COLUMNS.get(name, name): getattr(entry.content, name) for name in FIELDS[kind]}
    return row | {
        "id": entry.id,
        "kind": kind,
        "entered_at": entry.at,
        "place": entry.place,
        "who": entry.who,
        "why": entry.why,
    }


def entry_of(row: Row[Any]) -> Entry:
    """The entry of a row with all columns. Raises ValueError for a row that this version cannot have written."""
    _, name, kind, at, place, who, why = tuple(row)[:7]
    if kind not in KINDS:
        raise ValueError(f"entry {name} is of an unknown kind, {kind!r}")
    values = [row[each] for each in _PLACES[kind]]
    if kind == "score" and values[-2] is None:
        values[-2] = ""  # a row of the first version, which had no `timed_by`
    content: Content = KINDS[kind](*values)
    entry = Entry(content, who, why, at, place)
    if entry.id != name:
        raise ValueError(f"entry {name} was changed after it was entered: its content has the name {entry.id}")
    return entry
