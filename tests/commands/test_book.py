"""The gradebook from the command line: a class from its roster to its grades."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """This course's rules, in a folder of their own."""
    shutil.copy(REPOSITORY / "course.toml", tmp_path)
    return tmp_path


def book(course: Path, *words: str, status: int = 0) -> str:
    command = [sys.executable, "-m", "grader", "--course", str(course), "book", *words]
    surroundings = {**os.environ, "COLUMNS": "160"}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_without_a_book_there_is_one_to_look_at(course: Path) -> None:
    out = book(course)
    assert "This is a demonstration course." in out
    assert "15 students" in out
    assert re.search(r"ada .*Ada Lovelace .* 100 ", out)
    assert "4 of 6" in out
    assert "Not final: 1 of these grades." in out
    assert re.search(r"karl .* hw3_finetune 7b ", out)
    explained = book(course, "--demonstration", "student", "alan")
    assert "They are spent where they are worth most (3 on hw1_blackbox, 3 on hw2_gradient): 5.34 more" in explained
    assert "hw0_multitask: 45 of 50 points (36 of 40 by checks, 9 of 10 by hand)" in explained
    assert "Together 82 of 100." in explained
    assert "hw0_multitask: 50 of 50 points" in book(course, "--demonstration", "student", "pierre")


def test_a_course_from_its_roster_to_its_grades(course: Path) -> None:
    files = {
        "people.csv": "key,name,results\nada,Ada Lovelace,ada_l\nalan,Alan Turing,alan_t\n",
        "more.csv": "student,homework,days,reason\nalan,hw1_blackbox,2,ill\nnobody,hw0_multitask,1,why\n",
        "parts.csv": "student,part,points\nada,proposal,10\nAlan Turing,proposal,7.5\n",
    }
    for name, text in files.items():
        (course / name).write_text(text)
    assert "does not exist" in book(course, "student", "ada", status=2)
    assert "does not exist" in book(course, "roster", str(course / "people.csv"), "--dry-run", status=2)
    assert "4 entered, 0 known already." in book(course, "roster", str(course / "people.csv"))
    assert (course / "book" / "book.db").is_file(), "not in results, which make clean removes"
    assert "0 entered, 4 known already." in book(course, "roster", str(course / "people.csv"))
    out = book(course, "extensions", str(course / "more.csv"), status=1)
    assert "1 entered" in out
    assert "not entered: line 3: nobody: nobody in the book is called so" in out
    assert "2 would be entered" in book(course, "project", str(course / "parts.csv"), "--dry-run")
    assert "2 entered" in book(course, "--who", "the TA", "project", str(course / "parts.csv"))
    assert "proposal: 75 % of its points; weighs 5, brings 3.75." in book(course, "student", "Alan Turing")
    told = book(course, "history", "alan")
    assert "the TA" in told
    (entry,) = re.findall(r"[0-9a-f]{32}", book(course, "history", "alan").split("the TA")[1])[:1]
    assert "1 entered" in book(course, "withdraw", entry, "--why", "of somebody else")
    assert "proposal: no score yet" in book(course, "student", "alan")
    page = course / "ada.html"
    book(course, "student", "ada", "--page", str(page))
    assert "<h1>Ada Lovelace: 5 of 100</h1>" in page.read_text(encoding="utf-8")
    book(course, "export", str(course / "grades.csv"))
    assert (course / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbfkey,name,grade,hw0_multitask,")
    book(course, "merge", "alan", "ada", "--why", "one person")
    assert "1 student\n" in re.sub(" +\n", "\n", book(course))


def test_names_from_a_roster_do_nothing_to_files_or_terminals(course: Path) -> None:
    (course / "people.csv").write_text("key,name,results\n../../evil,[/bold][red]\x1b[2JEve,e\na/b,Bob,b\na_b,Bo,c\n")
    book(course, "roster", str(course / "people.csv"))
    for words in ((), ("history", "../../evil")):
        out = book(course, *words)
        assert "[/bold][red]" in out
        assert "\x1b[2J" not in out
    book(course, "pages", str(course / "pages"))
    assert len(list((course / "pages").iterdir())) == 3
    assert [path for path in course.parent.rglob("*evil*.html") if path.parent != course / "pages"] == []


def test_a_system_that_the_roster_does_not_have_is_told(course: Path) -> None:
    (course / "people.csv").write_text("key,name,results\nada,Ada,ada_l\n")
    book(course, "roster", str(course / "people.csv"))
    for folder in ("hw0_multitask", "experiments"):
        shutil.copytree(REPOSITORY / "assignments" / folder, course / "assignments" / folder)
    (course / "run").mkdir()
    (course / "run" / "class.csv").write_text("submission,verdict\n")
    words = ("results", str(course / "run"), "--homework", "hw0", "--system", "resluts")
    assert "has no column 'resluts'" in book(course, *words, status=2)


def test_what_cannot_be_is_told_and_a_backup_is_whole(course: Path) -> None:
    (course / "people.csv").write_text("key,name,Results\nada,Ada Lovelace,ada_l\nalan,Alan Turing,alan_t\n")
    book(course, "roster", str(course / "people.csv"))
    (course / "again.csv").write_text("key,name\nADA,Ada Lovelace\nemmy,Emmy Noether\n")
    out = book(course, "roster", str(course / "again.csv"), status=1)
    assert "1 entered" in out
    assert "not entered: ADA: the book has ada" in out
    (course / "long.csv").write_text('key,name\nada,"Ada' + "\nx,y" * 99 + '"\n')
    assert "Is a quotation mark missing" in book(course, "roster", str(course / "long.csv"), status=2)
    for words in (["export"], ["student", "ada", "--page"]):
        assert "cannot be written" in book(course, *words, str(course / "people.csv" / "x"), status=2)
    assert "nothing can be entered into the past" in book(
        course, "--as-of", "2027-03-01 12:30", "roster", str(course / "again.csv"), status=2
    )
    assert "0 students" in book(course, "--as-of", "2020-03-01 12:30")
    said = book(course, "backup", str(course / "safe" / "book copy.db"))
    assert "Written: " in said
    assert "is there already" in book(course, "backup", str(course / "safe" / "book copy.db"), status=2)
    assert not (course / "safe" / "book copy.db-wal").exists(), "all is in the one file"
    copied = book(course, "--book", f"sqlite:///{course / 'safe' / 'book copy.db'}", "history", "ada")
    assert copied == book(course, "history", "ada")


def test_whoever_was_merged_or_withdrawn_is_found_by_any_key_and_keeps_no_page(course: Path) -> None:
    (course / "people.csv").write_text("key,name\nada,Ada Lovelace\nada2,A. Lovelace\nalan,Alan Turing\n")
    book(course, "roster", str(course / "people.csv"))
    book(course, "pages", str(course / "pages"))
    assert (course / "pages" / "ada2.html").is_file()
    book(course, "merge", "ada2", "ada", "--why", "one person")
    book(course, "pages", str(course / "pages"))
    assert not (course / "pages" / "ada2.html").exists()
    (course / "parts.csv").write_text("student,part,points\nada2,proposal,10\n")
    assert "1 entered" in book(course, "project", str(course / "parts.csv"))
    assert "Ada Lovelace" in book(course, "history", "ada2")
