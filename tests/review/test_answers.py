"""Where a student's answer lies, in every form in which it is handed in."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from reviewed import QUESTIONS, WRITTEN, answered, picture

from grader.intake import Asked, look_through
from grader.intake.tree import Item, Kind
from grader.review.answers import (
    LONGEST,
    LONGEST_SUM,
    Answer,
    Document,
    Figure,
    Markdown,
    Plain,
    Questions,
    State,
    answer_of,
    own_words,
)
from grader.review.drawn import drawn
from grader.review.files import Files, files_of, resolved

ASKED = Asked(("words.py",), "hw9.ipynb", ("written.md", "*.png"))
QUESTIONED = Questions(QUESTIONS, ("written.md", "*.png"), {"written.md": WRITTEN})


def cells(data: bytes) -> Any:
    return drawn("notebook", data=data)["cells"]


def files(folder: Path, student: str = "ada") -> Files:
    """What intake finds of one student in a class folder."""
    found = look_through(folder, ASKED)
    (entry,) = [entry for entry in found.entries if entry.name == student]
    return files_of(entry, found, ASKED)


def answer(folder: Path, question: str = "1a", student: str = "ada") -> Answer:
    return answer_of(files(folder, student), question, QUESTIONED, cells)


def hand_in(folder: Path, contents: Mapping[str, str | bytes], student: str = "ada") -> Path:
    place = folder / student
    for name, content in {"words.py": "x = 1\n", **contents}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def own(found: Answer) -> list[str]:
    return [part.own for part in found.parts if isinstance(part, Markdown)]


def a_pdf() -> bytes:
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(300, 400)
    document.save(file)
    return file.getvalue()


def a_notebook(*given: dict[str, Any]) -> str:
    made = [
        {"metadata": {}, **({"outputs": [], "execution_count": None} if c["cell_type"] == "code" else {}), **c}
        for c in given
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})


def test_an_answer_is_below_its_heading_without_what_was_handed_out(tmp_path: Path) -> None:
    found = answer(hand_in(tmp_path, {"written.md": answered(q1a="Because."), "why.png": picture(8, 8)}))
    assert (found.state, own(found), found.notes) == (State.WRITTEN, ["Because.\n\n![why](why.png)"], ())
    assert [blob.name for blob in found.figures] == ["why.png"]
    assert found.figures[0].read() == picture(8, 8)


def test_figures_that_another_answer_shows_are_not_beside_this_one(tmp_path: Path) -> None:
    hand_in(tmp_path, {"written.md": answered(q2="Yes."), "why.png": picture(8, 8), "more.png": picture(8, 8)})
    assert answer(tmp_path, "2").beside == (Figure(0, "more.png"),)


def test_as_handed_out_is_no_answer_and_a_figure_makes_it_one(tmp_path: Path) -> None:
    assert answer(hand_in(tmp_path, {"written.md": WRITTEN})).state is State.UNTOUCHED
    assert answer(hand_in(tmp_path, {"why.png": picture(8, 8)})).state is State.WRITTEN
    assert answer(tmp_path, "1b").state is State.UNTOUCHED


def test_without_headings_the_whole_text_is_shown(tmp_path: Path) -> None:
    found = answer(hand_in(tmp_path, {"written.md": "All in one."}), "1b")
    assert (found.state, own(found)) == (State.WRITTEN, ["All in one."])
    assert found.notes == ("no heading names 1b, so the whole text is shown",)


def test_nothing_by_hand_is_nothing(tmp_path: Path) -> None:
    found = answer(hand_in(tmp_path, {}))
    assert (found.state, found.parts) == (State.NOTHING, ())
    assert "nothing that is graded by hand" in found.notes[0]


@pytest.mark.parametrize(
    "name", ["written (1).md", "Written.MD", "ada_written.md", "written.md.txt", "sub/written.md", "notes.txt"]
)
def test_texts_are_found_under_other_names(tmp_path: Path, name: str) -> None:
    found = answer(hand_in(tmp_path, {name: answered(q1a="Because.")}))
    assert found.state is State.WRITTEN
    assert "Because." in "".join(part.source for part in found.parts if isinstance(part, Markdown | Plain))


def test_a_readme_is_no_answer(tmp_path: Path) -> None:
    assert answer(hand_in(tmp_path, {"README.md": "# 1a\nno"})).state is State.NOTHING


@pytest.mark.parametrize("form", ["zip", "tar.gz", "zip in a folder", "zip in a zip"])
def test_archives_are_looked_into(tmp_path: Path, form: str) -> None:
    content = {
        "hw9/written.md": answered(q1a="Packed.").encode(),
        "hw9/words.py": b"x = 1\n",
        "hw9/why.png": picture(8, 8),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    match form:
        case "zip":
            (tmp_path / "ada.zip").write_bytes(packed.getvalue())
        case "tar.gz":
            with tarfile.open(tmp_path / "ada.tar.gz", "w:gz") as tar:
                for name, data in content.items():
                    info = tarfile.TarInfo(name)
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
        case "zip in a folder":
            (tmp_path / "ada").mkdir()
            (tmp_path / "ada" / "hw9.zip").write_bytes(packed.getvalue())
        case _:
            with zipfile.ZipFile(tmp_path / "ada.zip", "w") as outer:
                outer.writestr("inner.zip", packed.getvalue())
    found = answer(tmp_path)
    assert own(found) == ["Packed.\n\n![why](why.png)"]
    assert found.figures[0].read() == picture(8, 8)
    (part,) = found.parts
    assert isinstance(part, Markdown)
    assert resolved("why.png", part.folder, part.figures) == found.figures[0].name


def test_loose_files_of_moodle_are_one_students(tmp_path: Path) -> None:
    who = "Ada Lovelace_12_assignsubmission_file_"
    for name, data in {
        "words.py": b"x = 1\n",
        "written.md": answered(q1a="Loose.").encode(),
        "why.png": picture(8, 8),
    }.items():
        (tmp_path / f"{who}{name}").write_bytes(data)
        (tmp_path / f"Alan Turing_13_assignsubmission_file_{name}").write_bytes(data.replace(b"Loose", b"His"))
    found = answer(tmp_path, student="Ada Lovelace_12")
    assert own(found) == ["Loose.\n\n![why](why.png)"]
    assert [blob.name for blob in found.figures] == ["why.png"]


def test_written_alone_is_found_too_where_a_platform_names_the_student(tmp_path: Path) -> None:
    (tmp_path / "lovelaceada_10001_200001_written.md").write_text(answered(q1a="No code."))
    (tmp_path / "lovelaceada_10001_200002_why.png").write_bytes(picture(8, 8))
    (tmp_path / "turingalan_10002_200003_words.py").write_text("x = 1\n")
    assert own(answer(tmp_path, student="lovelaceada_10001")) == ["No code.\n\n![why](why.png)"]


def test_a_file_beside_a_students_module_is_the_students(tmp_path: Path) -> None:
    (tmp_path / "ada.py").write_text("x = 1\n")
    (tmp_path / "ada_written.md").write_text(answered(q1a="Beside."))
    (tmp_path / "alan.py").write_text("x = 1\n")
    assert answer(tmp_path, student="ada").state is State.WRITTEN
    assert answer(tmp_path, student="alan").state is State.NOTHING


def test_a_notebook_has_answers_with_what_was_printed_and_drawn(tmp_path: Path) -> None:
    import base64

    png = base64.b64encode(picture(9, 9)).decode()
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a table"]},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": png, "text/html": "<script>1</script>"}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>alert(1)</script>"}},
    ]
    notebook = a_notebook(
        {"cell_type": "markdown", "source": "# HW9\n### 1a. Why\nBecause ![x](attachment:x.png)",
         "attachments": {"x.png": {"image/png": png}}},
        {"cell_type": "code", "source": "print('a table')", "outputs": outputs},
        {"cell_type": "markdown", "source": "### 1b\nNot this."},
    )  # fmt: skip
    found = answer(hand_in(tmp_path, {"hw9.ipynb": notebook, "written.md": WRITTEN}))
    assert own(found) == ["Because ![x](attachment:x.png)"]
    assert [part.source for part in found.parts if isinstance(part, Plain)] == ["print('a table')", "a table"]
    assert [blob.read() for blob in found.figures] == [picture(9, 9)] * 2
    assert own(answer(tmp_path, "1b")) == ["Not this."]


def test_a_broken_notebook_is_told(tmp_path: Path) -> None:
    found = answer(hand_in(tmp_path, {"hw9.ipynb": "{}"}))
    assert found.state is State.NOTHING
    assert "no notebook that can be read" in found.notes[0]


@pytest.mark.parametrize("name", ["written.pdf", "written.md"])
def test_a_pdf_is_shown_as_such_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    found = answer(hand_in(tmp_path, {name: a_pdf()}))
    assert (found.state, found.parts) == (State.WRITTEN, (Document(0, name),))
    assert found.documents[0].read().startswith(b"%PDF")


def test_what_cannot_be_shown_is_said_and_is_not_nothing(tmp_path: Path) -> None:
    found = answer(hand_in(tmp_path, {"written.docx": b"PK"}))
    assert found.state is State.WRITTEN
    assert found.notes == ("cannot be shown here, open it yourself: written.docx",)


def test_texts_in_other_encodings_are_read(tmp_path: Path) -> None:
    hand_in(tmp_path, {"written.md": answered(q1a="Größe").encode("utf-16")})
    assert own(answer(tmp_path)) == ["Größe\n\n![why](why.png)"]
    hand_in(tmp_path, {"written.md": answered(q1a="nul \0 byte").encode()})
    assert "nul \N{REPLACEMENT CHARACTER} byte" in own(answer(tmp_path))[0]


def test_nothing_outside_a_submission_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# 1a\nsecret")
    (tmp_path / "class").mkdir()
    hand_in(tmp_path / "class", {"words.py": "x = 1\n"})
    (tmp_path / "class" / "ada" / "written.md").symlink_to(secret)
    (tmp_path / "class" / "ada" / "up.png").symlink_to("/etc/passwd")
    found = answer(tmp_path / "class")
    assert "secret" not in str(found.parts)
    assert "written.md is a link" in " ".join(found.notes)
    with pytest.raises(Exception, match=r"up\.png is a link"):
        found.figures[0].read()


@pytest.mark.parametrize(
    ("reference", "is_there"),
    [
        ("why.png", "sub/why.png"),
        ("./why.png", "sub/why.png"),
        ("../top.png", "top.png"),
        ("%77hy.png?x=1#y", "sub/why.png"),
        ("C:\\Users\\ada\\top.png", "top.png"),
        ("/home/ada/top.png", "top.png"),
        ("WHY.PNG", "sub/why.png"),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("http://example.org/why.png", None),
        ("//example.org/why.png", None),
        ("file:///etc/why.png", None),
        ("data:image/png;base64,why.png", None),
        ("http://[", None),
        ("", None),
        (".", None),
    ],
)
def test_references_lead_to_files_of_the_submission_and_nowhere_else(reference: str, is_there: str | None) -> None:
    assert resolved(reference, "sub", ["sub/why.png", "top.png"]) == is_there


def test_own_words_are_what_was_not_handed_out() -> None:
    assert (
        own_words("Say why.\n\nBecause.\n\n```\nSay why.\n\nx\n```", "Say why.\n\n> *x*")
        == "Because.\n\n```\nSay why.\n\nx\n```"
    )
    assert own_words("Say  why.\n\n![why](why.png)", "Say why.\n\n![why](why.png)") == "![why](why.png)"


def test_a_notebook_is_cut_where_no_honest_one_goes_on(tmp_path: Path) -> None:
    long = [{"cell_type": "markdown", "source": f"# {name}\n" + "x" * 150_000} for name in ("1a", "1b", "2", "3", "4")]
    found = answer(hand_in(tmp_path, {"hw9.ipynb": a_notebook(*long)}))
    assert [len(part) for part in own(found)] == [100_000 - len("# 1a\n")]
    assert "hw9.ipynb has cells that are too long to show, and is cut there" in found.notes
    read = cells(a_notebook(*long).encode())
    assert [len(cell["source"]) for cell in read] == [100_000] * 4 + [0]
    assert all(cell["cut"] for cell in read)


def items(**contents: bytes) -> Files:
    """Files that are read only when they are asked for."""
    return Files({name: Item(name, Kind.FILE, lambda limit, data=data: data) for name, data in contents.items()})


def test_of_long_texts_no_more_is_kept_than_is_shown() -> None:
    read = list[str]()

    def long(name: str) -> Item:
        return Item(name, Kind.FILE, lambda limit: read.append(name) or b"x" * 1_000_000)

    found = answer_of(Files({name: long(name) for name in (f"{i:02}.md" for i in range(40))}), "1a", QUESTIONED, cells)
    assert {len(part.source) for part in found.parts if isinstance(part, Markdown)} == {LONGEST}
    assert len(read) == LONGEST_SUM // LONGEST
    assert "the texts are too long together: 05.md and what follows was not looked at" in found.notes


def test_a_text_is_cut_by_its_letters_and_not_by_its_bytes() -> None:
    found = answer_of(items(**{"written.md": "\N{SNOWMAN}".encode() * (LONGEST + 5)}), "1a", QUESTIONED, cells)
    assert [part.source for part in found.parts if isinstance(part, Markdown)] == ["\N{SNOWMAN}" * LONGEST]
    wide = items(**{"written.md": ("# 1a\n" + "\N{SNOWMAN}" * 9).encode("utf-16")})
    assert own(answer_of(wide, "1a", QUESTIONED, cells)) == ["\N{SNOWMAN}" * 9]


def test_many_texts_figures_and_notebooks_are_counted_and_not_all_read() -> None:
    asked = list[bytes]()

    def read(data: bytes) -> list[Any]:
        asked.append(data)
        return []

    many = {f"{i:03}{kind}": f"{i}{kind}".encode() for i in range(300) for kind in (".txt", ".png", ".ipynb")}
    found = answer_of(items(**many), "1a", QUESTIONED, read)
    assert asked == [f"{i}.ipynb".encode() for i in range(10)]
    assert len(found.figures) == 200
    most = {"texts": 50, "figures": 200, "notebooks": 10}
    told = {f"300 {what} were handed in: only the first {count} were looked at" for what, count in most.items()}
    assert told <= {*found.notes}
