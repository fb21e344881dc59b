"""A roster is read as people save it, and everything that is wrong in it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.roster import Person, Roster, read_roster
from grader.book.tables import table
from grader.errors import CourseError

TEXT = """key,name,Canvas,moodle
ada,Ada Lovelace,"Lovelace, Ada",Ada Lovelace

bob,Bob Müller,"Müller, Bob",
"""
PEOPLE = (
    Person("ada", "Ada Lovelace", {"Canvas": "Lovelace, Ada", "moodle": "Ada Lovelace"}),
    Person("bob", "Bob Müller", {"Canvas": "Müller, Bob"}),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


def refusal(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as refused:
        read_roster(path)
    lines = str(refused.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster(path: Path, encoding: str) -> None:
    path.write_text(TEXT, encoding=encoding)
    assert read_roster(path) == Roster(PEOPLE, ("Canvas", "moodle"), blank=1)


def test_excel_saves_it_with_semicolons(path: Path) -> None:
    path.write_bytes(b"sep=;\r\nKEY;Name;canvas\r\nada;Ada Lovelace;Lovelace, Ada\r\n;;\r\n")
    found = read_roster(path)
    assert found.people == (Person("ada", "Ada Lovelace", {"canvas": "Lovelace, Ada"}),)
    assert found.blank == 1


def test_every_other_column_is_a_system() -> None:
    roster = Roster(PEOPLE, ("Canvas", "moodle"))
    assert roster.system("CANVAS") == "Canvas"
    assert [roster.people[1].called(system) for system in ("key", "name", "Canvas", "moodle")] == [
        *("bob", "Bob Müller", "Müller, Bob", "")
    ]
    assert roster.by_key["ada"] is roster.people[0]
    with pytest.raises(CourseError, match=r"no column 'gradescope'\. Its systems are: 'Canvas', 'moodle'"):
        roster.system("gradescope")


def test_everything_that_is_wrong_is_told(path: Path) -> None:
    found = refusal(
        path,
        "key,name,canvas\n"
        "ada,Ada,Lovelace Ada\n"
        "ADA,Ada Too,x\n"  # line 3
        ",Nobody,y\n"
        "bob,,z\n"
        "eve,Eve,lovelace ada\n"
        "dan,Dan, Jr.,w\n"
        "finn,Finn,\ufb01nn\n"
        "fin,Fin,FINN\n"
        "num,Num,1.23E+05\n",
    )
    assert [line.split(":")[0] for line in found] == [
        *("line 3, column 'key'", "line 4, column 'key'", "line 5, column 'name'", "line 6, column 'canvas'", "line 7"),
        *("line 9, column 'canvas'", "line 10, column 'canvas'"),
    ]
    assert "'ADA' stands in line 2 already as 'ada'. Two students cannot have the same: correct one" in found[0]
    assert "is empty. Give this student a key that nobody else has" in found[1]
    assert "'lovelace ada' stands in line 2 already as 'Lovelace Ada'" in found[3]
    assert "has 4 cells, but there are 3 columns" in found[4]
    assert "a long number that Excel has cut" in found[6]


def test_two_students_may_have_one_name_but_not_in_a_system(path: Path) -> None:
    path.write_text("key,name,canvas\na1,Ada,x\na2,Ada,y\n", encoding="utf-8")
    assert [person.name for person in read_roster(path).people] == ["Ada", "Ada"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key,canvas\nada,x\n", "line 1: there is no column 'name'"),
        ("name,canvas\nada,x\n", "line 1: there is no column 'key'"),
        ("key,name\n", "has no students, only a heading"),
        ("", "is empty"),
        ("key,name,moodle,Moodle\na,b,c,d\n", "line 1, column 'Moodle': is there twice"),
    ],
)
def test_a_heading_that_cannot_be(path: Path, text: str, said: str) -> None:
    assert said in refusal(path, text)[0]


def test_only_so_many_faults_are_told(path: Path) -> None:
    found = refusal(path, "key,name\n" + ",x\n" * 250)
    assert len(found) == 101
    assert found[-1] == "and 150 more."


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")), min_size=1)


@given(st.dictionaries(st.integers(0, 99).map(str), NAMES, min_size=1, max_size=5), st.sampled_from(",;\t"))
@settings(derandomize=True, max_examples=100)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, names: dict[str, str], separator: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "roster.csv"
    rows = [["key", "name", "canvas"], *([key, name, f"c{key}"] for key, name in names.items())]
    path.write_bytes(table(rows, separator))
    assert [(each.key, each.name, each.called("canvas")) for each in read_roster(path).people] == [
        (key, name, f"c{key}") for key, name in names.items()
    ]
