"""Two modules of which each lies somewhere else, or under the name of the other."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.course.digest import digest
from grader.intake import Submission, Wanted, read_submission

STUBS = {name: f"def {name}_a():\n    raise NotImplementedError\n" for name in ("episodes", "mann")}
WORK = {name: text.replace("raise NotImplementedError", "return 1") for name, text in STUBS.items()}
WANTED = Wanted(
    ("episodes.py", "mann.py"),
    "hw1.ipynb",
    {name: {f"{name}_a": digest(text)} for name, text in STUBS.items()},
    {name: digest(text) for name, text in STUBS.items()},
)
EPISODES, MANN = WORK["episodes"], WORK["mann"]
Files = dict[str, str | bytes]


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.py", content)
    return buffer.getvalue()


def read(folder: Path, files: Files) -> Submission:
    for name, content in files.items():
        path = folder / "alice" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_submission(folder / "alice", WANTED)


APART: dict[str, tuple[Files, str]] = {
    "an archive for each": (
        {"mann.zip": zipped(mann=MANN), "episodes.zip": zipped(episodes=EPISODES)},
        "mann.zip was opened, and mann.py in it counts",
    ),
    "one in an archive, one beside it": (
        {"mann.zip": zipped(mann=MANN), "episodes.py": EPISODES},
        "mann.zip was opened, and mann.py in it counts",
    ),
    "and the untouched handout": (
        {"mann.zip": zipped(mann=MANN), "new/episodes.py": EPISODES, "mann.py": STUBS["mann"]},
        "mann.zip was opened, and mann.py in it counts",
    ),
    "each archive with the untouched other": (
        {
            "a.zip": zipped(mann=MANN, episodes=STUBS["episodes"]),
            "b.zip": zipped(mann=STUBS["mann"], episodes=EPISODES),
        },
        "b.zip was opened, and episodes.py in it counts",
    ),
    "both in one of the two": (
        {"mann.py": f"{EPISODES}\n{MANN}"},
        "mann.py holds what belongs in episodes.py, and was taken as episodes.py",
    ),
    "both in one, the other as it was handed out": (
        {"mann.py": f"{EPISODES}\n{MANN}", "episodes.py": STUBS["episodes"]},
        "episodes.py is as it was handed out, so mann.py was taken as episodes.py",
    ),
    "names swapped": (
        {"mann.py": EPISODES, "episodes.py": MANN},
        "episodes.py holds what belongs in mann.py, and was taken as mann.py",
    ),
}


@pytest.mark.parametrize(("files", "told"), APART.values(), ids=APART)
def test_each_module_is_found_where_it_lies(tmp_path: Path, files: Files, told: str) -> None:
    submission = read(tmp_path, files)
    assert submission.refusal is None
    assert submission.absent == {}
    assert all(WORK[name].strip() in text for name, text in submission.modules.items())
    assert set(submission.modules) == set(WORK)
    assert told in submission.remarks
    assert not any("missing" in note for note in submission.notes)


def test_what_lies_beside_an_archive_goes_before_what_is_in_it(tmp_path: Path) -> None:
    older = zipped(mann=MANN, episodes=EPISODES.replace("1", "2"))
    submission = read(tmp_path, {"backup.zip": older, "episodes.py": EPISODES, "mann.py": STUBS["mann"]})
    assert submission.modules == {"episodes": EPISODES, "mann": MANN}


def test_two_archives_with_other_versions_of_a_module_are_no_choice_of_ours(tmp_path: Path) -> None:
    files: Files = {"a.zip": zipped(mann=MANN), "b.zip": zipped(mann=MANN.replace("1", "2"))}
    assert "it is not clear which archive counts: found a.zip, b.zip" in str(read(tmp_path, files).refusal)


def test_where_nothing_was_written_the_rest_is_a_remark(tmp_path: Path) -> None:
    """One of these files may be the work, and no student ends with a silent zero."""
    files = {f"{name}.py": text for name, text in STUBS.items()}
    submission = read(tmp_path, {**files, "hw1.rar": b"Rar!\x1a\x07\x01\0"})
    assert submission.remarks == ("other files and folders, not used: hw1.rar (nobody wrote in episodes.py, mann.py)",)
