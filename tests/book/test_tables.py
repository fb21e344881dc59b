"""Tables are read however people save them, and what is written runs nothing and is read back as it was."""

from __future__ import annotations

import codecs
import csv
import io
import re
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.policy import Policy, ProjectPart
from grader.book.standing import HandIn, Work, standing
from grader.book.tables import (
    SEPARATORS,
    Graded,
    decode,
    grades,
    harmed,
    harmless,
    read_table,
    records,
    table,
    values,
)
from grader.course.assignment import Homework
from grader.errors import CourseError

HERE = Path("table.csv")
TEXT = 'key,name\r\nada,"Lovelace, Ada"\r\n'


def saved(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


# ---- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    lines = ["key|name|note", 'mü|"Müller| ""Max""', f'of Köln"|{end}', "", " é |É|x"]
    content = (lines[0] + end + lines[1] + end + lines[2] + end + lines[4]).replace("|", separator)
    found = read_table(saved(tmp_path, content, encoding), ("key", "name"))
    assert found.columns == ("key", "name", "note")
    assert [row["key"] for row in found.rows] == ["mü", "é"]
    assert found.rows[0]["name"] == f'Müller{separator} "Max"{end}of Köln'
    assert [row.line for row in found.rows] == [2, 5]
    assert (found.blank, found.separator) == (1, separator)


def test_a_line_may_name_the_separator(tmp_path: Path) -> None:
    found = read_table(saved(tmp_path, "sep=;\r\nkey;a,b,c\r\nada;1,5\r\n"), ("key",))
    assert found.columns == ("key", "a,b,c")
    assert found.rows[0].cells == {"key": "ada", "a,b,c": "1,5"}
    assert found.rows[0].line == 3


def test_the_separator_is_the_one_that_gives_the_columns_asked_for(tmp_path: Path) -> None:
    found = read_table(saved(tmp_path, "key;this, that, those\nada;x\n"), ("key",))
    assert found.columns == ("key", "this, that, those")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty. Its first line must name the columns: key, name."),
        (b"\r\n,,\r\n", "is empty"),
        (b"key\nada\n", "line 1: there is no column 'name', only 'key'. Add it, or rename one."),
        (b"key,name,Key\n", "line 1, column 'key': is there twice"),
        (b"key,name,x\n", "line 1, column 'x': is not known here. Remove it; there may be key, name, note."),
        (b"key,name,\na,b,c\n", "line 1: column 3 has no name, but line 2 has a cell there"),
        (b'key,name\na,"b\nc,d\n', "line 2: the quote that begins a cell here never ends"),
        (b'key,name\n"a"b,c\n', "line 2: after the quote that ends a cell stands 'b,c\\n'"),
        ("key,name\nü,ü\n".encode() + b"\xfc,x\n", "line 3: is not all in one encoding. Save the table as UTF-8"),
        (b"key,name\n\x81,x\n", "line 2: is not all in one encoding"),
        ("key,name\na,b\0\n".encode("utf-16"), "line 2: holds a null byte"),
        (codecs.BOM_UTF16_LE + b"k", "line 1: is not all in one encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    path = saved(tmp_path, content)
    with pytest.raises(CourseError) as refused:
        read_table(path, ("key", "name"), ("note",))
    assert str(refused.value).startswith(f"{path}: ")
    assert said in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"none\.csv: cannot be read \(No such file"):
        read_table(tmp_path / "none.csv", ("key",))


def test_columns_without_name_and_cells_are_no_matter(tmp_path: Path) -> None:
    found = read_table(saved(tmp_path, "key,name,,\nada,Ada,,\nbob,Bob\n"), ("key", "name"), ())
    assert [dict(row.cells) for row in found.rows] == [{"key": "ada", "name": "Ada"}, {"key": "bob", "name": "Bob"}]


def test_a_line_with_too_many_cells_is_a_fault_even_if_the_last_are_empty(tmp_path: Path) -> None:
    """A comma in a name without quotes moves all other cells by one."""
    found = read_table(saved(tmp_path, "key,name,note\nada,Lovelace, Ada,\nbob,Bob,\n"), ("key", "name"))
    (fault,) = found.faults
    assert str(fault).startswith("line 2: has 4 cells, but there are 3 columns. Put a cell with a comma")
    assert [row["key"] for row in found.rows] == ["bob"]


@given(st.binary(max_size=60))
@settings(derandomize=True, max_examples=150)
def test_whatever_is_in_a_file_it_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = saved(tmp_path_factory.getbasetemp(), b"key,name\n" + content)
    try:
        rows = read_table(path, ("key", "name")).rows
    except CourseError:
        rows = ()
    assert all(set(row.cells) == {"key", "name"} for row in rows)


@given(st.text(alphabet='ab,;\t"\r\n\u00e9 ', max_size=30), st.sampled_from(SEPARATORS))
@settings(derandomize=True, max_examples=150)
def test_cells_take_up_the_whole_text(text: str, separator: str) -> None:
    """What is not in a cell separates cells, so that one cell can be replaced and all else stays."""
    try:
        found = [cell for cells in records(text, separator, HERE) for cell in cells]
    except CourseError:
        return
    starts, ends = [cell.start for cell in found], [cell.end for cell in found]
    between = [text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True)]
    assert set(between) <= {"", separator, "\r", "\n", "\r\n"}
    assert [text[cell.start : cell.end].strip('"') for cell in found if not cell.quoted] == [
        cell.value.strip('"') for cell in found if not cell.quoted
    ]


# ---- writing -------------------------------------------------------------------------------------------------------

VALUES = st.text(alphabet=st.one_of(st.sampled_from("=+-@\t\r\n;,'\" ＝a1"), st.characters(codec="utf-8")), max_size=8)
CELLS = VALUES.filter(lambda value: "\0" not in value)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1 point", "'+1 point"),
        ("-cmd", "'-cmd"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("  =1", "  '=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("a, -b", "a, '-b"),
        ("'=1", "''=1"),
        ("-3", "-3"),
        ("+7.5", "+7.5"),
        ("-0,5", "-0,5"),
        ("-3-3", "'-3-3"),
        ("'tis", "'tis"),
        ("a-b", "a-b"),
        ("", ""),
    ],
)
def test_formulas_are_defused_and_numbers_stay(value: str, cell: str) -> None:
    assert harmless(value) == cell
    assert harmed(cell) == value


@given(CELLS)
@settings(derandomize=True, max_examples=200)
def test_no_cell_begins_a_formula_whatever_splits_it(value: str) -> None:
    cell = harmless(value)
    assert harmed(cell) == value
    for part in re.split(r"[,;\t\r\n]", cell):
        assert part == value or not part.lstrip(" ").startswith(tuple("=+-@＝＋－＠"))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4), st.sampled_from(SEPARATORS), st.booleans())
@settings(derandomize=True, max_examples=200)
def test_what_is_written_is_read_back(rows: list[list[str]], separator: str, marked: bool) -> None:
    content = table(rows, separator, codecs.BOM_UTF8 if marked else b"")
    assert values(content, HERE, separator) == rows
    assert content.startswith(codecs.BOM_UTF8) == marked
    theirs = csv.reader(io.StringIO(decode(content, HERE).text, newline=""), delimiter=separator, strict=True)
    assert [[harmed(cell) for cell in row] for row in theirs] == rows


def test_lines_end_as_spreadsheets_want_them() -> None:
    assert table([["a", "b, c"], ["", 'say "x"']]) == b'a,"b, c"\r\n,"say ""x"""\r\n'
    assert table([[""], ["sep=;"]]) == b'""\r\n"sep=;"\r\n'
    assert table([["a\0", "\udc80"]]) == b"a\\x00,\\udc80\r\n"
    assert table([]) == b""


# ---- grades --------------------------------------------------------------------------------------------------------


def test_all_grades_as_rows() -> None:
    policy = Policy(
        homeworks=(
            Homework(name="hw0", weight=Fraction(1, 4)),
            Homework(name="hw1", weight=Fraction(1, 4)),
            Homework(name="hw4", weight=Fraction(1, 4), optional=True),
        ),
        late_days=2,
        replaces="hw4",
        due={"hw1": datetime(2027, 2, 12, 23, 59)},
        project=(ProjectPart(name="report", points=Fraction(10), weight=Fraction(1, 2)),),
    )
    late = HandIn(Fraction(2), Fraction(3), datetime(2027, 2, 13, 12, tzinfo=UTC))
    ada = standing(policy, Work({"hw1": (late,)}, {"report": Fraction(1)}, excused={"hw0": "ill"}))
    bob = standing(policy, Work())
    rows = grades(policy, [Graded("bob", "=Bob", bob, "hw1 7a, 7b"), Graded("ada", "Lovelace, Ada", ada)])
    assert rows == [
        ["key", "name", "grade", "hw0", "hw1", "hw4", "report", "late days spent", "to be marked"],
        ["ada", "Lovelace, Ada", "83.33", "", "33.33", "", "50", "1", ""],
        ["bob", "=Bob", "0", "0", "0", "", "0", "0", "hw1 7a, 7b"],
    ]
    assert table(rows).splitlines()[1:] == [
        b'ada,"Lovelace, Ada",83.33,,33.33,,50,1,',
        b'bob,\'=Bob,0,0,0,,0,0,"hw1 7a, 7b"',
    ]
