"""Answers handed in as a document, in every form and under every name that people give it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.course.digest import digest
from grader.course.document import document_of, filled_in, module_of
from grader.intake import Asked, Submission, Wanted, list_class, read_class, read_submission

STUB = "".join(
    f'def {name}():\n    """Problem 1. The {name}. In `x`."""\n    raise NotImplementedError("Problem 1: {name}")\n\n\n'
    for name in ("mean", "variance")
)
BLANK = document_of(STUB, "HW9: answers", {"1": "Moments"})
WANTED = Wanted(
    ("answers.md",),
    cells={"answers": {"mean": "", "variance": ""}},
    stubs={"answers": digest(module_of(BLANK))},
    document=True,
)
WORK = filled_in(BLANK, 'def mean():\n    return "x"\n\n\ndef variance():\n    return "x^2"\n')
OTHER = WORK.replace("x^2", "x^3")
SCAN = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.md", content)
    return buffer.getvalue()


def read(folder: Path, **files: str | bytes) -> Submission:
    for name, content in files.items():
        path = folder / "ada" / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_submission(folder / "ada", WANTED)


FORMS: dict[str, dict[str, str | bytes]] = {
    "as asked": {"answers.md": WORK},
    "with its derivations": {"answers.md": WORK, "derivations.md": "# Derivations\n\n### mean\n\nx\n"},
    "a copy that the browser numbered": {"answers (1).md": WORK},
    "the written one beside the blank": {"answers.md": BLANK, "answers (2).md": WORK},
    "as a text": {"answers.txt": WORK},
    "with another ending": {"answers.markdown": WORK},
    "in capitals": {"ANSWERS.MD": WORK},
    "under a name of one's own": {"hw9 ada.md": WORK},
    "in a zip": {"hw9.zip": zipped(answers=WORK)},
    "in a zip beside the blank": {"answers.md": BLANK, "hw9.zip": zipped(answers=WORK)},
    "saved by Windows": {"answers.md": ("\ufeff" + WORK.replace("\n", "\r\n")).encode()},
    "saved as UTF-16": {"answers.md": WORK.encode("utf-16")},
    "beside a scan": {"answers.md": WORK, "derivations.pdf": SCAN},
}


@pytest.mark.parametrize("form", FORMS)
def test_the_answers_are_found(form: str, tmp_path: Path) -> None:
    submission = read(tmp_path, **FORMS[form])
    assert submission.refusal is None, submission.refusal
    assert 'return "x^2"'.replace('"', "'") in submission.modules["answers"]
    assert submission.fingerprint == read(tmp_path / "again", **{"answers.md": WORK}).fingerprint


def test_a_file_alone_is_a_submission(tmp_path: Path) -> None:
    for name in ("answers.md", "ada.md"):
        (tmp_path / name).write_text(WORK)
        submission = read_submission(tmp_path / name, WANTED)
        assert submission.refusal is None, submission.refusal
        assert "return 'x'" in submission.modules["answers"]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"answers.md": WORK, "answers (1).md": OTHER}, "it is not clear which file is answers.md"),
        ({"answers (1).md": WORK, "answers (2).md": OTHER}, "it is not clear which file is answers.md"),
        ({"answers.md": "# My answers\n\nx and x^2\n"}, "answers.md has none of the headings that were handed out"),
        ({"answers.md": ""}, "answers.md is empty"),
        ({"answers.md": SCAN}, "answers.md holds PDF data, not Markdown"),
        ({"answers.pdf": SCAN}, "answers.md is missing"),
        ({"derivations.md": "# Derivations\n"}, "answers.md is missing"),
        ({"answers.md": "### mean\n\nx\0\n"}, "contains a null byte"),
    ],
)
def test_what_cannot_be_taken_is_told(files: dict[str, str | bytes], says: str, tmp_path: Path) -> None:
    submission = read(tmp_path, **files)
    assert says in (submission.refusal or ""), submission


def test_an_answer_given_twice_is_remarked(tmp_path: Path) -> None:
    submission = read(tmp_path, **{"answers.md": f"{WORK}\n### mean\n\n2 x\n"})
    assert submission.remarks == ("answers.md: mean: there are two answers; the last one counts",)
    assert "return '2 x'" in submission.modules["answers"]


def test_a_class_in_which_files_lie_loose(tmp_path: Path) -> None:
    (tmp_path / "ada.md").write_text(WORK)
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "answers.md").write_text(OTHER)
    (tmp_path / "cy.zip").write_bytes(zipped(answers=WORK))
    asked = Asked(("answers.md",), "", ("derivations.md",))
    found = read_class(tmp_path, WANTED)
    assert {entry.name for entry in list_class(tmp_path, asked)} == {"ada", "bob", "cy"}
    assert [submission.refusal for submission in found] == [None] * 3
