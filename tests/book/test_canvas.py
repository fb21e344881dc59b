"""A gradebook of Canvas: one column is filled, and every other byte is what it was."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.canvas import fill, read_gradebook
from grader.book.roster import Person, Roster
from grader.errors import CourseError

PATH = Path("export.csv")
HEADING = "Student,ID,SIS User ID,SIS Login ID,Section,Notes,HW0 (123),HW1 (124),HW1 (125),Final Score (read only)"
LINES = [
    f"{HEADING},Current Score",
    ",,,,,,,Manual Posting,,,",
    "    Points Possible,,,,,,40.00,10,,(read only),(read only)",
    '"Lovelace, Ada",10001,u1,ada@uni,"A, and B",,,9.00,,"91,5",90',
    'Müller  ,10002,u2,max@uni,A,"said ""hm""\r\nand left",12.00,N/A,,,',
    "=Eve,10003,,eve@uni,A,,EX,,,,",
    '"Nobody, Else",10004,u4,x@uni,A,,,,,,',
    '"Student, Test",10099,,b5b1f0,A,,,,,,',
]
EXPORT = "".join(f"{line}\r\n" for line in LINES).encode()
ROSTER = Roster(
    (
        Person("u1", "Ada Lovelace", {"canvas": "lovelaceada_10001"}),
        Person("u2", "Max Müller", {"canvas": "max@uni"}),
        Person("eve", "Eve", {"canvas": "10003"}),
        Person("gus", "Gus", {}),
    ),
    ("canvas",),
)
ADA, MAX = Fraction("37.5"), Fraction(12)


def filled(points: Mapping[str, Fraction], column: str = "HW0 (123)", content: bytes = EXPORT) -> bytes:
    return fill(content, PATH, column, points, ROSTER).content


def with_marks(content: bytes) -> list[tuple[str, bytes]]:
    text = content.decode()
    return [
        ("as Canvas writes it", content),
        ("with a byte order mark", b"\xef\xbb\xbf" + content),
        ("in UTF-16", text.encode("utf-16")),
        ("in Windows-1252", text.encode("cp1252")),
        ("with lines of Unix", content.replace(b"\r\n", b"\n")),
        ("without the last line end", content.removesuffix(b"\r\n")),
        ("with blank lines", content.replace(b"\r\n=Eve", b"\r\n\r\n\r\n=Eve")),
    ]


EXPORTS = with_marks(EXPORT)


@pytest.mark.parametrize("content", [each for _, each in EXPORTS], ids=[name for name, _ in EXPORTS])
def test_with_nothing_to_fill_it_is_the_same(content: bytes) -> None:
    found = fill(content, PATH, "HW0 (123)", {}, ROSTER)
    assert found.content == content
    assert (found.changes, found.same, found.left_alone, found.only_here) == ((), (), (), ())


@pytest.mark.parametrize("content", [each for _, each in EXPORTS], ids=[name for name, _ in EXPORTS])
def test_one_cell_is_filled_and_nothing_else(content: bytes) -> None:
    found = fill(content, PATH, "HW0 (123)", {"u1": ADA}, ROSTER)
    (expected,) = [
        each for (name, each), (_, before) in zip(with_marks(ONE_FILLED), EXPORTS, strict=True) if before == content
    ]
    assert found.content == expected
    assert [(each.key, each.student.id, each.before, each.now) for each in found.changes] == [
        ("u1", "10001", "", "37.5")
    ]
    assert fill(found.content, PATH, "HW0 (123)", {"u1": ADA}, ROSTER).content == found.content


ONE_FILLED = EXPORT.replace(b'"A, and B",,,9.00', b'"A, and B",,37.5,9.00')


def test_everybody_is_told_apart() -> None:
    points = {"u1": ADA, "u2": MAX, "eve": Fraction(1), "gus": Fraction(2)}
    found = fill(EXPORT, PATH, "123", points, ROSTER)
    assert found.column == "HW0 (123)"
    assert [each.key for each in found.changes] == ["u1"]
    assert [(each.key, each.before, each.now) for each in found.same] == [("u2", "12.00", "12")]
    assert [(each.key, each.before) for each in found.left_alone] == [("eve", "EX")]
    assert found.only_here == ("gus",)
    assert [each.name for each in found.only_there] == ["Nobody, Else", "Student, Test"]
    assert (found.without, found.doubtful) == ((), {})
    assert found.content == ONE_FILLED
    assert [
        each.key
        for each in fill(EXPORT, PATH, "HW1 (124)", points | {"u2": MAX - 3, "u1": Fraction(9)}, ROSTER).left_alone
    ] == ["u2"]
    assert [each.id for each in fill(EXPORT, PATH, "HW0", {"u1": ADA}, ROSTER).without] == ["10002", "10003"]


def test_points_are_rounded_by_the_one_rule_and_keep_quotes() -> None:
    quoted = EXPORT.replace(b",12.00,", b',"12.00",')
    assert filled({"u2": Fraction(2, 3)}, content=quoted) == EXPORT.replace(b",12.00,", b',"0.67",')


def test_a_decimal_comma_and_semicolons() -> None:
    content = b"Student;ID;SIS Login ID;Section;HW0 (1)\n    Points Possible;;;;40,00\nA;10001;ada;A;\n"
    found = filled({"u1": ADA}, "HW0", content)
    assert found == content.replace(b";A;\n", b";A;37,5\n")
    commas = b'Student,ID,SIS Login ID,Section,HW0 (1)\n    Points Possible,,,,"40,00"\nA,10001,ada,A,\n'
    assert filled({"u1": ADA}, "HW0", commas) == commas.replace(b",A,\n", b',A,"37,5"\n')


def test_first_and_last_names_apart() -> None:
    content = b"LastName,FirstName,ID,SIS Login ID,Section,HW0 (1)\n    Points Possible,,,,,40\nLovelace,ADA,7,x,A,\n"
    found = fill(content, PATH, "HW0", {"u1": ADA}, ROSTER)
    assert found.content == content.replace(b",x,A,", b",x,A,37.5")
    assert found.changes[0].student.name == "Lovelace, ADA"


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("HW00 (123)", "has no column 'HW00 (123)'. Choose an assignment; the nearest: 'HW0 (123)'"),
        ("Final Score (read only)", "is read only: Canvas fills it. Choose an assignment"),
        ("current score", "column 'Current Score' is read only"),
        ("Section", "column 'Section' is no assignment"),
        ("Notes", "column 'Notes' is no assignment"),
        ("Student", "column 'Student' is no assignment"),
        ("HW1", "'HW1' may be any of 'HW1 (124)', 'HW1 (125)'. Name one with its number."),
        ("125", "line 3, column 'HW1 (125)': says '', no points possible. Give it points in Canvas"),
        ("", "has no column ''"),
    ],
)
def test_a_column_that_cannot_be_filled(column: str, said: str) -> None:
    with pytest.raises(CourseError) as refused:
        filled({"u1": ADA}, column)
    assert str(refused.value).startswith("export.csv: ")
    assert said in str(refused.value)


def test_points_that_cannot_be_are_all_told_and_nothing_is_filled() -> None:
    with pytest.raises(CourseError) as refused:
        filled({"u1": Fraction(4001, 100), "u2": Fraction(-1), "who": Fraction(1), "eve": Fraction(40)})
    assert str(refused.value).splitlines() == [
        "export.csv: column 'HW0 (123)': 'u1' would get 40.01 points, and 40 are possible. Correct one.",
        "export.csv: column 'HW0 (123)': 'u2' would get -1 points, and 40 are possible. Correct one.",
        "export.csv: column 'HW0 (123)': 'who' has points and is not in the roster. Add the student, or leave the "
        "points out.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no exported gradebook of Canvas: its first line needs the columns Student and ID"),
        (b"key,name\nada,Ada\n", "is no exported gradebook of Canvas"),
        (b"Student,ID,HW0 (1)\nAda,1,\n", "no line begins with 'Points Possible'"),
        (b"Student,ID,HW0 (1)\n    Points Possible,,1\nAda,1\n", "line 3: has 2 cells, but there are 3 columns"),
        (b'Student,ID,HW0 (1)\n    Points Possible,,1\n"Ada,1,\n', "line 3: the quote that begins a cell here never"),
    ],
)
def test_what_is_no_gradebook(content: bytes, said: str) -> None:
    with pytest.raises(CourseError, match=r"export\.csv: ") as refused:
        read_gradebook(content, PATH)
    assert said in str(refused.value)


# ---- whose a line is -----------------------------------------------------------------------------------------------


def gradebook(*lines: str) -> bytes:
    head = ["Student,ID,SIS User ID,SIS Login ID,Section,HW0 (1)", "    Points Possible,,,,,40"]
    return "".join(f"{line}\r\n" for line in [*head, *lines]).encode()


def test_numbers_that_disagree_fill_nothing() -> None:
    found = fill(gradebook("X,10001,u2,,A,", "Ada Lovelace,9,,,A,"), PATH, "HW0", {"u1": ADA, "u2": MAX}, ROSTER)
    assert found.changes == ()
    assert found.doubtful == {
        3: "its numbers and logins are those of 'u1' and 'u2'",
        4: "has the name of 'u1', whose number or login is in line 3",
    }
    assert found.only_here == ("u1", "u2")


def test_a_name_never_takes_what_a_number_has() -> None:
    """Another Ada Lovelace, who is not in the roster, does not get the points of the first, nor keeps them from her."""
    content = gradebook('"Lovelace, Ada",10001,,,A,', '"Lovelace, Ada",10077,,,B,')
    found = fill(content, PATH, "HW0", {"u1": ADA}, ROSTER)
    assert [each.student.line for each in found.changes] == [3]
    assert found.doubtful == {4: "has the name of 'u1', whose number or login is in line 3"}


def test_the_roster_may_have_names_or_none_for_canvas() -> None:
    lines = gradebook('"Lovelace, Ada",1,,,A,', "Max  Muller,2,,,A,", '"Lovelace, Bo",3,,,A,')
    people = (Person("a", "Ada Lovelace", {"canvas": "Lovelace, Ada"}), Person("m", "Müller, Max", {}))
    found = fill(lines, PATH, "HW0", {"a": ADA, "m": MAX}, Roster(people, ("canvas",)))
    assert [(each.key, each.student.line) for each in found.changes] == [("a", 3), ("m", 4)]
    assert [each.name for each in found.only_there] == ["Lovelace, Bo"]
    assert found.doubtful == {}


def test_two_lines_of_one_student_are_both_left() -> None:
    names = fill(gradebook('"Müller, Max",8,,,A,', "Max Muller,9,,,B,"), PATH, "HW0", {"u2": MAX}, ROSTER)
    assert names.changes == ()
    assert names.doubtful == dict.fromkeys((3, 4), "lines 3, 4 would all be of 'u2'")
    numbers = fill(gradebook("A,10001,,,A,", "B,9,u1,,B,"), PATH, "HW0", {"u1": ADA}, ROSTER)
    assert (numbers.changes, set(numbers.doubtful)) == ((), {3, 4})


def test_a_key_is_no_number_of_canvas() -> None:
    """Keys may be numbers, too: then they are the university's, and Canvas's own ID is another."""
    roster = Roster((Person("10001", "Zoe", {}),), ("canvas",))
    points = {"10001": Fraction(1)}
    assert fill(gradebook("X,10001,77,,A,"), PATH, "HW0", points, roster).changes == ()
    assert len(fill(gradebook("X,77,10001,,A,"), PATH, "HW0", points, roster).changes) == 1


# ---- any gradebook -------------------------------------------------------------------------------------------------

CELLS = st.text(alphabet='aé,;" \r\n=\t', max_size=5)


@given(
    st.lists(st.tuples(CELLS, CELLS, st.booleans()), min_size=1, max_size=5),
    st.sampled_from(["\r\n", "\n"]),
    st.sets(st.integers(0, 4)),
)
@settings(derandomize=True, max_examples=150)
def test_all_other_cells_stay(cells: list[tuple[str, str, bool]], end: str, some: set[int]) -> None:
    def quoted(cell: str, must: bool) -> str:
        doubled = cell.replace('"', '""')
        return f'"{doubled}"' if must or any(char in cell for char in ',"\r\n') else cell

    def content(points: Mapping[int, str]) -> bytes:
        head = ["Student,ID,Section,HW0 (1),More (2)", "    Points Possible,,,40,40"]
        rows = [
            f"{quoted(first, must)},{i},x,{points.get(i, '')},{quoted(last, must)}"
            for i, (first, last, must) in enumerate(cells)
        ]
        return "".join(f"{line}{end}" for line in [*head, *rows]).encode()

    people = Roster(tuple(Person(f"k{i}", f"n{i}", {"canvas": str(i)}) for i in range(5)), ("canvas",))
    found = fill(content({}), PATH, "1", {f"k{i}": Fraction(i) for i in some}, people)
    assert found.content == content({i: str(i) for i in some})
    assert {each.key for each in found.changes} | set(found.only_here) == {f"k{i}" for i in some}
