"""CSV tables: read as people save them, and written so that no spreadsheet runs what a cell says.

People save tables in UTF-8 (with and without a byte order mark), UTF-16 or Windows-1252, with commas, semicolons or
tabs, and Excel may write `sep=;` above. All of these are read. What stands in a table and cannot be right is a `Fault`,
with its line and its column, and all faults of a table are told at once.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.book.policy import Policy
from grader.book.rounding import rounded
from grader.book.standing import Standing
from grader.errors import CourseError
from grader.intake.names import folded
from grader.text import clean_line

SEPARATORS = (",", ";", "\t")
MOST_TOLD = 100  # faults in one message
HUNDRED = 100  # a grade is told in points of a hundred
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SEPARATED_BY = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_PLAIN = {separator: re.compile(rf"[^{separator}\r\n]*") for separator in SEPARATORS}

# What begins a formula; some spreadsheets take the wide forms for the same, and some skip spaces. A table with commas
# may be opened by one that splits at semicolons, so that a cell of its own begins after each, and the reverse.
_DANGER = "(?=[=+@\t\r\n＝＋－＠-])"
_HARMLESS = re.compile(rf"(^|[,;\t\r\n])( *'*){_DANGER}")
_HARMED = re.compile(rf"(^|[,;\t\r\n])( *'*)'{_DANGER}")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_NEEDS_QUOTES = re.compile(r'[,;\t"\r\n]|^[ \ufeff]|^sep=| $', re.IGNORECASE)


# ---- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value, the line where it begins, and the part of the text that it takes up, with its quotes."""

    value: str
    line: int
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class Decoded:
    """The text of a file, and how it is written: `mark` are the bytes of its byte order mark, if it has one."""

    text: str
    encoding: str
    mark: bytes

    def encoded(self, text: str) -> bytes:
        """Another text, written the same way."""
        return self.mark + text.encode(self.encoding)


@dataclass(frozen=True)
class Fault:
    """Something wrong in a table, and what to do. `column` is "" where it is the whole line."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {shown(self.column)}" if self.column else f"line {self.line}"
        return f"{place}: {self.what}"


@dataclass(frozen=True)
class Row:
    """One line of a table, by the names of columns; spaces around cells are gone. Cells that are not there are ""."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class Table:
    """A table with a heading. `blank` counts the lines where nothing stands, and `faults` are those found so far."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    blank: int
    encoding: str
    separator: str
    faults: tuple[Fault, ...] = ()


def read_table(path: Path, wanted: Sequence[str], optional: Collection[str] | None = None) -> Table:
    """The table in a file that has all the columns `wanted`. Their names may be written in upper case.

    `optional` are columns that may be there too; None allows any. Raises `CourseError` for a file or a heading that
    cannot be read; faults of single lines are in the table.
    """
    content = content_of(path)
    decoded = decode(content, path)
    declared = _SEPARATED_BY.match(decoded.text)
    separator = declared[1] if declared else _separator(decoded.text, wanted)
    found = list(records(decoded.text, separator, path))[1 if declared else 0 :]
    full = [cells for cells in found if not _is_blank(cells)]
    if not full:
        raise CourseError(f"{path}: is empty. Its first line must name the columns: {', '.join(wanted)}.")
    heading, *rows = full
    columns = _columns(path, heading, rows, wanted, optional)
    faults = [
        Fault(cells[0].line, "", f"has {len(cells)} cells, but there are {len(heading)} columns. {_WHY_MORE}")
        for cells in rows
        if len(cells) > len(heading)
    ]
    read = tuple(Row(cells[0].line, _by_column(columns, cells)) for cells in rows if len(cells) <= len(heading))
    names = tuple(filter(None, columns))
    return Table(path, names, read, len(found) - len(full), decoded.encoding, separator, tuple(faults))


_WHY_MORE = "Put a cell with a comma, or with whatever separates cells here, into quotes."


def refuse(path: Path, faults: Iterable[Fault]) -> None:
    """Raises `CourseError` with all faults, by lines, if there are any."""
    told = sorted(faults, key=lambda fault: fault.line)
    if not told:
        return
    lines = [f"{path}: {fault}" for fault in told[:MOST_TOLD]]
    if len(told) > MOST_TOLD:
        lines.append(f"{path}: and {len(told) - MOST_TOLD:,} more.")
    raise CourseError("\n".join(lines))


def shown(text: str) -> str:
    """What stands in a cell, as it may appear in a message."""
    return f"'{clean_line(text, 80)}'"


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises `CourseError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}).") from None


def decode(content: bytes, path: Path) -> Decoded:
    """The text of a file in any of the encodings above. Raises `CourseError` rather than guess at mixed ones."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", ""))
    if not mark and b"\0" in content:
        encoding = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
    body = content[len(mark) :]
    try:
        text, encoding = body.decode(encoding or "utf-8"), encoding or "utf-8"
    except UnicodeDecodeError as error:
        line = 1 + body[: error.start].count(b"\n")
        mixed = any(char > "\x7f" for char in body.decode("utf-8", "ignore"))
        try:
            if encoding or mixed:
                raise
            text, encoding = body.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            raise CourseError(
                f"{path}: line {line}: is not all in one encoding. Save the table as UTF-8 (Excel: 'CSV UTF-8')."
            ) from None
    if "\0" in text:
        line = 1 + text[: text.index("\0")].count("\n")
        raise CourseError(f"{path}: line {line}: holds a null byte, so this is no CSV. Save the table as CSV UTF-8.")
    return Decoded(text, encoding, mark)


def records(text: str, separator: str, path: Path) -> Iterator[tuple[Cell, ...]]:
    """The lines of a table as cells; a blank line is one empty cell. Raises `CourseError` for wrong quotes."""
    plain, at, line = _PLAIN[separator], 0, 1
    cells: list[Cell] = []
    while at < len(text):
        quoted = text[at] == '"'
        match = (_QUOTED if quoted else plain).match(text, at)
        if match is None:
            raise CourseError(f"{path}: line {line}: the quote that begins a cell here never ends. Add the other one.")
        value = match[1].replace('""', '"') if quoted else match[0]
        cells.append(Cell(value, line, at, match.end(), quoted))
        line += len(_LINE_END.findall(match[0])) if quoted else 0
        at = match.end()
        if text.startswith(separator, at):
            at += 1
            if at == len(text):
                cells.append(Cell("", line, at, at, False))
        elif end := _LINE_END.match(text, at):
            yield tuple(cells)
            cells, at, line = [], end.end(), line + 1
        elif at < len(text):
            raise CourseError(
                f"{path}: line {line}: after the quote that ends a cell stands {shown(text[at : at + 10])}. "
                "Write a quote inside of quotes twice."
            )
    if cells:
        yield tuple(cells)


def separator_of(text: str, wanted: Sequence[str]) -> str:
    """What separates the cells of a table whose heading has the columns `wanted`."""
    declared = _SEPARATED_BY.match(text)
    return declared[1] if declared else _separator(text, wanted)


def _separator(text: str, wanted: Sequence[str]) -> str:
    head = next((line for line in _LINE_END.split(text) if line.strip(" ,;\t")), "")
    names = {folded(name) for name in wanted}

    def likely(separator: str) -> tuple[int, int]:
        cells = [folded(cell.strip().strip('"')) for cell in head.split(separator)]
        return len(names & set(cells)), len(cells)

    return max(SEPARATORS, key=likely)


def _columns(
    path: Path,
    heading: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    wanted: Sequence[str],
    optional: Collection[str] | None,
) -> tuple[str, ...]:
    """The names of the columns, "" for one that has no name and no cells. Raises `CourseError`."""
    known = {folded(name): name for name in (*wanted, *(optional or ()))}
    line, columns, faults = heading[0].line, list[str](), list[Fault]()
    for i, cell in enumerate(heading):
        name = harmed(cell.value).strip()
        name = known.get(folded(name), name)
        if not name and (first := next((row[i].line for row in rows if len(row) > i and row[i].value.strip()), 0)):
            faults.append(Fault(line, "", f"column {i + 1} has no name, but line {first} has a cell there. Name it."))
        elif name and folded(name) in map(folded, columns):
            faults.append(Fault(line, name, "is there twice. Remove one, or name it otherwise."))
        elif name and optional is not None and name not in known.values():
            may = ", ".join(known.values())
            faults.append(Fault(line, name, f"is not known here. Remove it; there may be {may}."))
        columns.append(name)
    there = ", ".join(shown(name) for name in columns if name)
    faults += [
        Fault(line, "", f"there is no column {shown(name)}, only {there}. Add it, or rename one.")
        for name in wanted
        if name not in columns
    ]
    refuse(path, faults)
    return tuple(columns)


def _by_column(columns: Sequence[str], cells: Sequence[Cell]) -> dict[str, str]:
    values = [harmed(cell.value).strip() for cell in cells] + [""] * (len(columns) - len(cells))
    return {column: value for column, value in zip(columns, values, strict=True) if column}


def _is_blank(cells: Sequence[Cell]) -> bool:
    return not any(cell.value.strip() for cell in cells)


# ---- writing -------------------------------------------------------------------------------------------------------


def harmless(value: str) -> str:
    """A value as a cell that no spreadsheet takes for a formula: an apostrophe stands before `=`, `+`, `-` and `@`.

    Plain numbers stay as they are: "-3" and "+7.5".
    """
    return value if _NUMBER.fullmatch(value) else _HARMLESS.sub(r"\1\2'", value)


def harmed(cell: str) -> str:
    """The value of a cell that `harmless` wrote."""
    return _HARMED.sub(r"\1\2", cell)


def table(rows: Iterable[Sequence[str]], separator: str = ",", mark: bytes = b"") -> bytes:
    """Rows of at least one cell as CSV in UTF-8, harmless, with "\\r\\n" at line ends.

    `mark` is nothing or `codecs.BOM_UTF8`, by which Excel knows the encoding. Null characters and halves of surrogate
    pairs, which no table can hold, are written as escapes; every other value is read back as it was.
    """
    lines = (separator.join(map(_cell, row) if len(row) > 1 else [_cell(row[0]) or '""']) for row in rows)
    text = "".join(f"{line}\r\n" for line in lines)
    return mark + text.replace("\0", "\\x00").encode("utf-8", "backslashreplace")


def values(content: bytes, path: Path, separator: str = ",") -> list[list[str]]:
    """The rows that `table` wrote. Blank lines are none. Raises `CourseError`."""
    found = records(decode(content, path).text, separator, path)
    return [
        [harmed(cell.value) for cell in cells] for cells in found if len(cells) > 1 or cells[0].end > cells[0].start
    ]


def _cell(value: str) -> str:
    cell = harmless(value)
    if not _NEEDS_QUOTES.search(cell):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


# ---- grades --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """One student with the grade. `unmarked` says what people still have to mark."""

    key: str
    name: str
    standing: Standing
    unmarked: str = ""


def grades(policy: Policy, graded: Iterable[Graded]) -> list[list[str]]:
    """All grades as rows, the heading first, students by key. Numbers are points of a hundred of the course grade.

    A homework or part of the project has what it brings, so that a row adds up to its grade but for rounding. The cell
    is empty where it does not count: excused, dropped, or optional and replacing nothing. `to be marked` is empty where
    the grade is final.
    """
    names = [*(homework.name for homework in policy.homeworks), *(part.name for part in policy.project)]
    rows = [["key", "name", "grade", *names, "late days spent", "to be marked"]]
    for each in sorted(graded, key=lambda each: each.key):
        brings = {counted.name: _of_hundred(counted.value) for counted in each.standing.counted}
        known = [brings.get(name, "") for name in names]
        grade, spent = _of_hundred(each.standing.grade), str(each.standing.spent)
        rows.append([each.key, each.name, grade, *known, spent, each.unmarked])
    return rows


def _of_hundred(share: Fraction) -> str:
    return rounded(HUNDRED * share)
