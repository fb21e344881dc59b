"""Trees as platforms give them out: every student once, nobody else, and everything that was not taken is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import Asked, ClassFolder, Submission, Wanted, look_through, read_entry
from grader.intake.platforms import labels
from grader.intake.submitters import submitters

ASKED = Asked(("multitask.py",), "hw0.ipynb", ("written.md", "*.png"))
TWO = Asked(("episodes.py", "mann.py"), "hw1.ipynb", ("written.md",))


def a_zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names or ("multitask.py",):
            archive.writestr(name, "x = 1\n")
    return buffer.getvalue()


def tree(folder: Path, *names: str) -> Path:
    """Files whose content says what they are called; a name that ends with "/" is an empty folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(a_zip() if name.endswith(".zip") else f"# {name}\n".encode())
    return folder


def read(seen: ClassFolder, asked: Asked = ASKED) -> dict[str, Submission]:
    wanted = Wanted(asked.modules, asked.notebook)
    return {entry.name: read_entry(entry, wanted) for entry in seen.entries}


def said(seen: ClassFolder) -> dict[str, str]:
    return {entry.name: "; ".join(entry.remarks) for entry in seen.entries}


def passed(seen: ClassFolder) -> dict[str, str]:
    return {each.file: each.student for each in seen.passed_over}


# ---- Moodle ---------------------------------------------------------------------------------------------------------


def test_moodle_folders(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "Ada Lovelace_1201_assignsubmission_file_/multitask.py",
        "Ada Lovelace_1201_assignsubmission_file_/planted.png",
        "Ada Lovelace_1201_assignsubmission_onlinetext_/onlinetext.html",
        "Group A-Alan Turing_1202_assignsubmission_file_/hw0.zip",
        "Participant_1203_assignsubmission_onlinetext_/onlinetext.html",
        "Zoé O'Neill_1204_assignsubmission_file/multitask.py",
        "Grades-ML-HW0--5321.csv",
    )
    seen = look_through(tmp_path, ASKED)
    submissions = read(seen)
    assert list(submissions) == [
        "Ada Lovelace_1201",
        "Group A-Alan Turing_1202",
        "Participant_1203",
        "Zoé O'Neill_1204",
    ]
    assert submissions["Ada Lovelace_1201"].refusal is None
    assert submissions["Zoé O'Neill_1204"].refusal is None
    assert "multitask.py is missing: found onlinetext.html" in str(submissions["Participant_1203"].refusal)
    assert passed(seen) == {
        "Ada Lovelace_1201_assignsubmission_onlinetext_": "Ada Lovelace_1201",
        "Grades-ML-HW0--5321.csv": "",
    }


def test_moodle_without_folders(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "Ada Lovelace_1201_assignsubmission_file_multitask.py",
        "Ada Lovelace_1201_assignsubmission_file_written.md",
        "Alan Turing_1202_assignsubmission_file_my_work_final.py",
        "Alan Turing_1202_assignsubmission_onlinetext_onlinetext.html",
        "Grace_1203_assignsubmission_file_report.pdf",
    )
    seen = look_through(tmp_path, ASKED)
    submissions = read(seen)
    assert {name: each.refusal is None for name, each in submissions.items()} == {
        "Ada Lovelace_1201": True,
        "Alan Turing_1202": True,
        "Grace_1203": False,
    }
    assert "only Grace_1203_assignsubmission_file_report.pdf" in str(submissions["Grace_1203"].refusal)
    assert len(passed(seen)) == 2


# ---- Canvas ---------------------------------------------------------------------------------------------------------


def test_canvas(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "lovelaceada_10001_200001_multitask.py",
        "lovelaceada_10001_200002_written.md",
        "lovelaceada_10001_200003_planted.png",
        "turingalan_LATE_10002_200004_multitask-2.py",
        "turingalan_LATE_10002_200005_written.pdf",
        "hoppergrace_10003_200006_hw0-handin.zip",
        "hoppergrace_10003_200007_loss_curve.jpg",
        "curiemarie_10004_200008_essay.pdf",
        "noetheremmy_10005_text.html",
        "gaussc_10006_200010_multitask.py",
        "gaussc_10006_200011_multitask-1.py",
        "gaussc_LATE_10007_200012_multitask.py",
        "anon_Ab3dE_200013_multitask.py",
    )
    seen = look_through(tmp_path, ASKED)
    submissions = read(seen)
    problems = {name: each.refusal for name, each in submissions.items()}
    assert {name for name, problem in problems.items() if problem is None} == {
        *("lovelaceada_10001", "turingalan_10002", "hoppergrace_10003", "gaussc_10006", "gaussc_10007", "anon_Ab3dE"),
    }
    assert "only curiemarie_10004_200008_essay.pdf" in str(problems["curiemarie_10004"])
    assert "Canvas keeps there what a student typed" in str(problems["noetheremmy_10005"])
    assert len(problems) == 8
    assert submissions["gaussc_10006"].modules["multitask"] == "# gaussc_10006_200011_multitask-1.py\n"
    assert said(seen)["gaussc_10006"].startswith("2 uploads of multitask.py: the latest counts, gaussc_10006_200011_")
    assert said(seen)["turingalan_10002"] == "handed in late, says Canvas"
    assert said(seen)["lovelaceada_10001"] == ""
    assert passed(seen)["gaussc_10006_200010_multitask.py"] == "gaussc_10006"
    assert passed(seen)["turingalan_LATE_10002_200005_written.pdf"] == "turingalan_10002"
    assert len(passed(seen)) == 5


def test_canvas_and_a_homework_of_two_modules(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "ada_1_200001_episodes.py",
        "ada_1_200002_mann.py",
        "bob_2_200003_episodes-1.py",
        "bob_2_200004_mann-1.py",
        "bob_2_200005_helper.py",
        "carol_3_200006_episodes.py",
        "dave_4_200007_hw1.zip",
        "dave_4_200008_part-1.py",
    )
    submissions = read(look_through(tmp_path, TWO), TWO)
    assert {name: each.refusal for name, each in submissions.items() if name < "carol"} == {
        "ada_1": None,
        "bob_2": None,
    }
    assert submissions["carol_3"].refusal is None
    assert list(submissions["carol_3"].absent) == ["mann"]
    assert set(submissions["bob_2"].modules) == {"episodes", "mann"}


def test_two_archives_of_one_name_are_two_uploads_and_two_of_other_names_are_asked_about(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "ada_1_200001_hw0.zip",
        "ada_1_200002_hw0-1.zip",
        "bob_2_200003_hw0.zip",
        "bob_2_200004_rest.zip",
    )
    seen = look_through(tmp_path, ASKED)
    submissions = read(seen)
    assert submissions["ada_1"].refusal is None
    assert submissions["ada_1"].source.name == "ada_1_200002_hw0-1.zip"
    assert "it is not clear which archive counts" in str(submissions["bob_2"].refusal)


@pytest.mark.parametrize(
    "files",
    [
        ["hw0_2026_1001_ada.py", "hw0_2026_1001_bob.py"],
        ["hw0_2026_1001_ada.py", "hw0_2026_1002_bob.py", "hw0_2026_1003_carol.py"],
        ["ada_2026_02_multitask.py", "bob_2026_02_multitask.py"],
        ["lab_1_ada.py", "lab_2_ada.py"],
    ],
)
def test_names_with_numbers_that_people_chose_are_not_from_canvas(tmp_path: Path, files: list[str]) -> None:
    """Better two rows for one student than one row for two."""
    tree(tmp_path, *files)
    seen = look_through(tmp_path, ASKED)
    assert len(seen.entries) == len(files)
    assert seen.passed_over == ()


# ---- Blackboard -----------------------------------------------------------------------------------------------------


def test_blackboard(tmp_path: Path) -> None:
    first, second, third = (f"attempt_2026-02-0{day}-10-00-00" for day in (3, 4, 5))
    tree(
        tmp_path,
        f"HW 0_ada_{first}.txt",
        f"HW 0_ada_{first}_multitask.py",
        f"HW 0_ada_{second}.txt",
        f"HW 0_ada_{second}_multitask.py",
        f"HW 0_ada_{second}_planted.png",
        f"HW 0_jane_doe_{first}.txt",
        f"HW 0_jane_doe_{first}_handin.zip",
        f"HW 0_john_doe_{first}.txt",
        f"HW 0_john_doe_{first}_multitask.py",
        f"HW 0_john_doe_{third}.txt",
        f"HW 0_john_doe_{third}_written.md",
        f"HW 0_mute_{first}.txt",
    )
    seen = look_through(tmp_path, ASKED)
    submissions = read(seen)
    assert list(submissions) == ["HW 0_ada", "HW 0_jane_doe", "HW 0_john_doe", "HW 0_mute"]
    assert submissions["HW 0_ada"].modules["multitask"] == f"# HW 0_ada_{second}_multitask.py\n"
    assert submissions["HW 0_jane_doe"].refusal is None
    assert submissions["HW 0_john_doe"].refusal is None
    assert f"only HW 0_mute_{first}.txt. Blackboard keeps there" in str(submissions["HW 0_mute"].refusal)
    assert said(seen) == {
        "HW 0_ada": "2 attempts: the latest counts, 2026-02-04-10-00-00",
        "HW 0_jane_doe": "",
        "HW 0_john_doe": "2 attempts: the latest with code counts, 2026-02-03-10-00-00",
        "HW 0_mute": "",
    }
    why = {each.file: each.why for each in seen.passed_over}
    assert why[f"HW 0_ada_{first}_multitask.py"] == "an earlier attempt: a later one counts"
    assert why[f"HW 0_john_doe_{third}_written.md"].startswith("no code in it")
    assert why[f"HW 0_ada_{second}_planted.png"] == "graded by hand"
    assert len(why) == 8


# ---- Brightspace ----------------------------------------------------------------------------------------------------


def test_brightspace(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "index.html",
        "11111-67890 - Ada Lovelace - Feb 3, 2026 1000 AM/multitask.py",
        "11111-67890 - Ada Lovelace - Feb 3, 2026 905 PM/multitask.py",
        "22222-67890 - Alan Turing - Jan 31, 2026 1159 PM/multitask.py",
        "22222-67890 - Alan Turing - Feb 1, 2026 1205 AM/written.md",
        "33333-67890 - Anne-Marie St-Jean - Dec 12, 2025 100 PM/hw0.zip",
        "44444-67890 - Ada Lovelace - Feb 3, 2026 1000 AM/",
    )
    seen = look_through(tmp_path, ASKED)
    submissions = read(seen)
    assert list(submissions) == [
        "11111-67890 - Ada Lovelace",
        "22222-67890 - Alan Turing",
        "33333-67890 - Anne-Marie St-Jean",
        "44444-67890 - Ada Lovelace",
    ]
    assert submissions["11111-67890 - Ada Lovelace"].source.name.endswith("905 PM")
    assert submissions["22222-67890 - Alan Turing"].refusal is None
    assert said(seen)["11111-67890 - Ada Lovelace"] == "2 attempts: the latest counts, Feb 3, 2026 905 PM"
    assert said(seen)["22222-67890 - Alan Turing"].startswith("2 attempts: the latest with code counts, Jan 31")
    assert passed(seen)["index.html"] == ""


def test_attempts_whose_times_nobody_can_read_are_each_graded(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "11111-67890 - Ada Lovelace - 3 févr. 2026 10 h 00/multitask.py",
        "11111-67890 - Ada Lovelace - 4 févr. 2026 10 h 00/multitask.py",
        "22222-67890 - Alan Turing - 4 févr. 2026 10 h 00/multitask.py",
    )
    seen = look_through(tmp_path, ASKED)
    assert len(read(seen)) == 3
    both = [remark for name, remark in said(seen).items() if "Ada" in name]
    assert both == ["2 attempts, whose times cannot be read: each was graded. Keep the row that counts"] * 2
    assert seen.passed_over == ()


# ---- Gradescope, nbgrader, Autolab ----------------------------------------------------------------------------------

METADATA = """---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '7'
    :email: ada@uni.edu
  - :name: 'Alan: Turing'
    :sid:
  :created_at: 2026-02-03 10:00:00.000000000 Z
  :score: 3.0
  :history:
  - :id: 99
    :name: Nobody
submission_102:
  :submitters:
  - :name: Grace Hopper
    :email: g@uni.edu
submission_103:
  :submitters:
  - :name: Lost Student
"""


def test_gradescope_says_whose_a_folder_is_and_which_is_not_there(tmp_path: Path) -> None:
    tree(tmp_path, "submission_101/multitask.py", "submission_102/hw0.zip", "submission_metadata.yml")
    (tmp_path / "submission_metadata.yml").write_text(METADATA)
    seen = look_through(tmp_path, ASKED)
    assert said(seen) == {
        "submission_101": "handed in by Ada Lovelace, Alan: Turing",
        "submission_102": "handed in by Grace Hopper",
    }
    assert passed(seen) == {"submission_metadata.yml": ""}
    assert "not in the folder: submission_103 (Lost Student)" in seen.notes[0]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\0", b"- :name: x\n", b"submission_101: 3\n", b"a" * 100_000])
def test_a_list_of_another_form_says_nothing_and_stops_nothing(tmp_path: Path, content: bytes) -> None:
    tree(tmp_path, "submission_101/multitask.py", "submission_102/multitask.py")
    (tmp_path / "submission_metadata.yml").write_bytes(content)
    seen = look_through(tmp_path, ASKED)
    assert said(seen) == {"submission_101": "", "submission_102": ""}
    assert seen.notes == ()


def test_nbgrader_inbound(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "ada+hw0+2026-02-03 10:00:00 UTC/hw0.ipynb",
        "ada+hw0+2026-02-03 11:30:00 UTC+8a7f-2c/hw0.ipynb",
        "a+b+hw0+2026-02-03 10:00:00.123456 UTC/hw0.ipynb",
    )
    seen = look_through(tmp_path, ASKED)
    assert [(entry.name, entry.path.name[-24:]) for entry in seen.entries] == [
        ("a+b", "-02-03 10:00:00.123456 UTC"[-24:]),
        ("ada", "-02-03 11:30:00 UTC+8a7f-2c"[-24:]),
    ]
    assert said(seen)["ada"] == "2 attempts: the latest counts, 2026-02-03 11:30:00 UTC"


def test_autolab_versions_are_numbers(tmp_path: Path) -> None:
    tree(tmp_path, *(f"ada_l@uni.edu_{version}_multitask.py" for version in (2, 9, 10)), "bob@uni.edu_1_handin.zip")
    seen = look_through(tmp_path, ASKED)
    assert [entry.name for entry in seen.entries] == ["ada_l@uni.edu", "bob@uni.edu"]
    assert said(seen)["ada_l@uni.edu"] == "3 attempts: the latest counts, version 10"


# ---- an attempt that nobody can read ---------------------------------------------------------------------------------

TRIED_AGAIN = {
    "Blackboard": ("HW0_ada_attempt_2026-02-03-10-00-00_hw0.zip", "HW0_ada_attempt_2026-02-04-10-00-00_hw0.zip"),
    "Brightspace": ("1-2 - Ada - Feb 3, 2026 1000 AM/hw0.zip", "1-2 - Ada - Feb 4, 2026 1000 AM/hw0.zip"),
    "Canvas": ("ada_10001_200001_hw0.zip", "ada_10001_200002_hw0-1.zip"),
    "nbgrader": ("ada+hw0+2026-02-03 10:00:00 UTC/hw0.zip", "ada+hw0+2026-02-04 10:00:00 UTC/hw0.zip"),
    "Autolab": ("ada@uni.edu_1_hw0.zip", "ada@uni.edu_2_hw0.zip"),
}


@pytest.mark.parametrize("platform", TRIED_AGAIN)
def test_an_attempt_that_cannot_be_read_takes_nothing_from_the_one_before(tmp_path: Path, platform: str) -> None:
    first, second = TRIED_AGAIN[platform]
    tree(tmp_path, first, second)
    (tmp_path / second).write_bytes(a_zip()[:60])
    seen = look_through(tmp_path, ASKED)
    (submission,) = read(seen).values()
    assert submission.modules == {"multitask": "x = 1\n"}
    (remark,) = submission.remarks
    assert remark.startswith(f"{Path(second).parts[0]} cannot be read (")
    assert remark.endswith(f"an earlier attempt was graded, {Path(first).parts[0]}. Decide whether it counts")
    assert not any("Decide" in note for note in submission.notes)  # a student decides nothing

    (tmp_path / first).write_bytes(a_zip()[:60])
    (submission,) = read(look_through(tmp_path, ASKED)).values()
    assert submission.source.name == Path(second).parts[0]
    assert "damaged" in str(submission.refusal)


def test_an_attempt_that_can_be_read_counts_and_no_earlier_one_is_looked_at(tmp_path: Path) -> None:
    first, second = TRIED_AGAIN["Blackboard"]
    tree(tmp_path, first, second)
    (tmp_path / first).write_bytes(b"PK\x03\x04")
    (submission,) = read(look_through(tmp_path, ASKED)).values()
    assert (submission.source.name, submission.remarks) == (second, ())


# ---- folders that are no student's -----------------------------------------------------------------------------------


def test_a_folder_without_code_that_no_platform_named_is_no_student(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "1-2 - Ada - Feb 3, 2026 1000 AM/multitask.py",
        "1-3 - Alan - Feb 3, 2026 1000 AM/",
        "feedback/ada.pdf",
        "sent by mail/multitask.py",
    )
    seen = look_through(tmp_path, ASKED)
    assert list(read(seen)) == ["1-2 - Ada", "1-3 - Alan", "sent by mail"]
    assert [(each.file, each.why) for each in seen.passed_over] == [
        ("feedback", "no code in it, and not from Brightspace")
    ]


# ---- all of them ----------------------------------------------------------------------------------------------------


def test_a_flat_hand_in_that_was_unpacked_beside_its_archive_is_graded_twice_and_told(tmp_path: Path) -> None:
    tree(tmp_path, "ada_1_200001_hw0.zip", "ada_1_200001_hw0/multitask.py", "bob_2_200002_multitask.py")
    seen = look_through(tmp_path, ASKED)
    assert [each.refusal for each in read(seen).values()] == [None] * 3
    assert [("are of one student" in remark) for remark in said(seen).values()] == [True, True, False]


def test_links_and_folders_that_cannot_be_opened_are_not_followed(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", "multitask.py")
    folder = tree(tmp_path / "class", "Bob_2_assignsubmission_file_/multitask.py")
    (folder / "Ada_1_assignsubmission_file_").symlink_to(outside)
    (folder / "Ada_1_assignsubmission_file_multitask.py").symlink_to(outside / "multitask.py")
    submissions = read(look_through(folder, ASKED))
    assert submissions["Ada_1"].refusal is not None
    assert submissions["Ada_1"].modules == {}


@pytest.mark.parametrize(
    "name",
    [
        *("multitask.py", "ada", "ada_lovelace.py", "_1_assignsubmission_file_", "x_attempt_2026_y.py", "1-2 - Ada"),
        *("a@b.py", "a+b", "submission_12", "__MACOSX", "\n_1_200001_\n", "hw0-ada-2026-02-03.zip"),
    ],
)
def test_other_names_are_nobodys_label(name: str) -> None:
    for folder in (True, False):
        assert labels({name: folder}) == {}


@pytest.mark.parametrize("inside", ["", "HW 0-123456/"])
def test_a_download_that_nobody_unpacked_is_told_to_the_teaching_assistant(tmp_path: Path, inside: str) -> None:
    """It was graded as one student, whose work was anybody's."""
    names = [f"{inside}{who}_assignsubmission_file_/multitask.py" for who in ("Ada L_101", "Bob M_102")]
    (tmp_path / "HW 0.zip").write_bytes(a_zip(*names))
    with pytest.raises(IntakeError, match=r"HW 0\.zip is the download of a class, with what .*Ada L.*Unpack it"):
        look_through(tmp_path, ASKED)
    (tmp_path / "HW 0.zip").write_bytes(a_zip("old/multitask.py", "new/multitask.py"))
    assert [entry.name for entry in look_through(tmp_path, ASKED).entries] == ["HW 0"]


def test_a_name_with_an_apostrophe_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text("submission_1:\n  :submitters:\n  - :name: 'Tim O''Brien: Jr'\n    :sid: \"7\"\n")
    assert submitters(tmp_path / "m.yml") == {"submission_1": "Tim O'Brien: Jr"}
