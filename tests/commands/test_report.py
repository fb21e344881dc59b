"""`report`: pages of a graded class, for staff and for students, and who handed in nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.book.policy import Policy
from grader.book.rows import Alias, Score, Student
from grader.book.store import Book
from grader.commands.report import Wanted, write_report
from grader.errors import CourseError
from grader.hand.marking import Marking
from grader.hand.rubric import Item, Question, Rubric
from grader.judge.result import Result
from grader.report.files import read_result, write_result

House = Any  # tests/conftest.py
ALL = Item(id="all", points=Fraction(4), text="all of it")
POLICY = {"homeworks": [{"name": "hw7_tiny", "weight": 1}], "late_days": 0}


@pytest.fixture
def graded(made_up: Callable[..., Result], tmp_path: Path) -> Path:
    """Results of three, one of whom we failed to judge."""
    folder = tmp_path / "results"
    for result in (made_up("ada"), made_up("bob", 0, "failed"), made_up("eve", 0, "grader_error")):
        write_result(folder, result)
    return folder


def made(house: House, folder: Path, wanted: Wanted | None = None) -> tuple[Path, str]:
    """The report's folder, and what was said."""
    said = io.StringIO()
    write_report(house.assignment, folder, folder / "report", wanted or Wanted(), Console(file=said, width=500))
    return folder / "report", said.getvalue()


def test_everybody_has_pages_and_every_link_leads_somewhere(house: House, graded: Path) -> None:
    out, said = made(house, graded)
    names = {"ada", "bob", "eve"}
    assert {path.stem for path in (out / "staff").glob("*.html")} == names
    assert {path.stem for path in (out / "students").glob("*.html")} == names
    assert {path.stem for path in (out / "students").glob("*.md")} == names
    index = (out / "index.html").read_text(encoding="utf-8")
    links = {part.split('"')[0] for part in index.split('href="')[1:]}
    assert links == {f"staff/{name}.html" for name in names}
    assert all((out / link).is_file() for link in links)
    assert "3 submissions" in said


def test_only_staff_see_what_students_may_not(house: House, made_up: Callable[..., Result], tmp_path: Path) -> None:
    result = made_up("ada", 0, "failed", problems="1")
    (check,) = result.checks
    wrong = check.model_copy(update={"summary": "Wrong.", "expected": "HIDDEN", "visibility": "after_due"})
    write_result(tmp_path / "results", result.model_copy(update={"checks": (wrong,)}))
    for after_due in (False, True):
        out, _ = made(house, tmp_path / "results", Wanted(after_due))
        assert "HIDDEN" in (out / "staff" / "ada.html").read_text(encoding="utf-8")
        for name in ("ada.html", "ada.md"):
            assert ("HIDDEN" in (out / "students" / name).read_text(encoding="utf-8")) == after_due


def test_who_handed_in_nothing_and_who_is_nobody(house: House, graded: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("key,name,results\n1,Ada L,ada\n2,Bobby T,bobb\n3,Eve X,eve\n4,Zoe <b>,zoe\n")
    out, said = made(house, graded, Wanted(roster=roster))
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "Handed in nothing: Bobby T, Zoe &lt;b&gt;." in index
    assert "bob: is nobody in" in said
    assert "Perhaps bobb" in said


def test_results_that_are_damaged_are_told_and_left_out(house: House, graded: Path) -> None:
    (graded / "torn.json").write_text('{"schema_version": 1')
    out, said = made(house, graded)
    assert "torn: left out" in said
    assert not (out / "staff" / "torn.html").exists()


def test_no_results_and_those_of_another_homework(house: House, made_up: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="has no results of `make grade`"):
        made(house, tmp_path / "empty")
    write_result(tmp_path / "other", made_up("ada", assignment="hw8_other"))
    with pytest.raises(CourseError, match="holds results of hw8_other, not of hw7_tiny"):
        made(house, tmp_path / "other")


def test_pages_of_submissions_that_are_gone_are_removed_and_only_staff_pages_say_so(house: House, graded: Path) -> None:
    out, said = made(house, graded)
    assert "removed" not in said
    (out / "students" / "mine.txt").write_text("x")
    (graded / "bob.json").unlink()
    out, said = made(house, graded)
    assert "3 pages of submissions without a result here: removed." in said
    assert sorted(path.name for path in out.rglob("bob.*")) == []
    assert (out / "students" / "mine.txt").is_file()
    assert "<strong>For staff.</strong>" in (out / "staff" / "ada.html").read_text(encoding="utf-8")
    assert "For staff" not in (out / "students" / "ada.html").read_text(encoding="utf-8")


def test_staff_see_the_remarks_and_where_it_was_read_from(
    house: House, made_up: Callable[..., Result], tmp_path: Path
) -> None:
    told = {"remarks": ("2 attempts: the <latest> counts.",), "source": "/srv/hw/ada.zip"}
    write_result(tmp_path / "results", made_up("ada").model_copy(update=told))
    out, _ = made(house, tmp_path / "results")
    staff = (out / "staff" / "ada.html").read_text(encoding="utf-8")
    given = (out / "students" / "ada.html").read_text(encoding="utf-8")
    assert "2 attempts: the &lt;latest&gt; counts." in staff
    assert "/srv/hw/ada.zip" in staff
    assert "latest" not in given
    assert "/srv" not in given


def test_the_slowest_checks_are_named(house: House, graded: Path) -> None:
    out, _ = made(house, graded)
    assert "Slowest: <code>test_" in (out / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def book(house: House, graded: Path, tmp_path: Path) -> Iterator[Book]:
    """Two of three are in the book: ada by a name of hers, bob by the score of his hand-in."""
    bob = read_result(graded / "bob.json")
    question = Question(id="1a", problem="1", title="Why <so>", points=Fraction(4), items=(ALL,))
    open_question = question.model_copy(update={"id": "9a", "problem": "9"})
    rubric = Rubric(homework=house.assignment.name, questions=(question, open_question), by_checks=Fraction(3))
    with Book.open(f"sqlite:///{tmp_path / 'book.db'}") as book:
        people = [Student("1", "Ada L"), Alias("1", "results", "ada"), Student("2", "B. T."), Student("3", "Zoe")]
        score = Score("2", house.assignment.name, Fraction(0), Fraction(6), None, "run/bob.json", bob.fingerprint)
        book.enter([*people, score], who="me", why="test")
        book.enter_rubric(rubric, who="me", why="test")
        book.mark(
            "1", house.assignment.name, "1a", Marking(("all",), Fraction(-1), "Say <b>why</b> first."), who="grace"
        )
        book.mark("2", house.assignment.name, "9a", Marking(), who="grace")
        yield book


def test_what_people_gave_stands_beside_the_checks(house: House, graded: Path, book: Book) -> None:
    out, said = made(house, graded, Wanted(book=book, policy=Policy.model_validate(POLICY)))
    for page in ("students/ada.html", "students/ada.md", "staff/ada.html"):
        text = (out / page).read_text(encoding="utf-8")
        assert "And 3 of 8 points by hand, 1 of 2 not marked yet." in text.replace("\\", "")
        assert "all of it (+4); adjusted (-1)" in text.replace("\\", "")
        assert "<b>why" not in text
    ada = (out / "students" / "ada.html").read_text(encoding="utf-8")
    assert ada.index('id="problem-1"') < ada.index("Say &lt;b&gt;why") < ada.index('id="problem-2"')
    assert ada.index('id="problem-2"') < ada.index("Also marked by hand") < ada.index("9a: Why &lt;so&gt;")
    bob = (out / "students" / "bob.html").read_text(encoding="utf-8")
    assert "And 0 of 8 points by hand, 1 of 2 not marked yet." in bob
    assert "by hand" not in (out / "students" / "eve.html").read_text(encoding="utf-8")
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "Handed in nothing: Zoe." in index
    assert "eve: is nobody in the book" in said


def test_nobody_reads_what_another_was_given(house: House, graded: Path, book: Book, made_up: Any) -> None:
    """A name is the student's own choice on many platforms: the book's student of a submission goes first."""
    name = house.assignment.name
    book.enter([Alias("3", "results", "bob")], who="me", why="test")  # Zoe is called as Bob's submission is
    book.mark("3", name, "1a", Marking((), Fraction(1), "Dear Zoe, of your illness"), who="grace")
    write_result(graded, made_up("bob", 0, "failed", fingerprint="another hand-in"))
    out, _ = made(house, graded, Wanted(book=book, policy=Policy.model_validate(POLICY)))
    assert not [page for page in out.rglob("*.*") if "illness" in page.read_text(encoding="utf-8")]


def test_who_is_alike_is_in_the_class_page(house: House, graded: Path, tmp_path: Path) -> None:
    similar = tmp_path / "results of similar"
    similar.mkdir()
    rows = ["ada,bob,tiny,0.5,0.75,300", "2025: zoe,ada,tiny,0.9,0.4,300", "eve,dan,tiny,0.3,0.31,120"]
    (similar / "similar.csv").write_text("\n".join(["one,other,module,share_of_one,share_of_other,signs", *rows]))
    out, _ = made(house, graded, Wanted(similar=similar))
    index = (out / "index.html").read_text(encoding="utf-8")
    section = index.split("<h2>Alike</h2>")[1].split("</section>")[0]
    assert [re.sub("<[^>]*>", "", line) for line in re.findall("<li>(.*?)</li>", section)] == [
        "2025: zoe, ada, bob (up to 90 % of one)",
        "dan, eve (up to 31 % of one)",
    ]
    assert 'href="../../results%20of%20similar/index.html"' in section
    assert 'href="staff/eve.html"' in section
    assert "<h2>Alike</h2>" not in (made(house, graded)[0] / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["one,other\na,b\n", "one,other,share_of_one,share_of_other\na,b,nan,0\n", None])
def test_a_table_of_pairs_that_is_none_is_told(house: House, graded: Path, tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "similar.csv").write_text(text)
    with pytest.raises(CourseError, match=r"is no table of `make similar`"):
        made(house, graded, Wanted(similar=tmp_path))
