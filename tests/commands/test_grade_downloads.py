"""A download of each platform, graded by the command: every student once, nobody else, and each remark is where a TA
looks: in what is printed, and in class.csv."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main

House = Any  # tests/conftest.py


@dataclass(frozen=True)
class Graded:
    """What came of a class: its rows (submission -> points and remark), the files of nobody, and what was printed."""

    points: dict[str, str]
    remarks: dict[str, str]
    passed_over: dict[str, str]
    printed: str

    def tells(self, submission: str, remark: str) -> bool:
        """Whether a remark is in the submission's row of class.csv, and printed."""
        return remark in self.remarks[submission] and remark in self.printed


Grade = Callable[[Mapping[str, str | bytes]], Graded]


@pytest.fixture
def grade(house: House) -> Grade:
    """Lays out a download and grades it with `python -m grader grade`."""
    description = house.folder / "assignments/hw7_tiny/assignment.toml"
    asked = 'modules = ["tiny.py"]\n'
    description.write_text(description.read_text().replace(asked, f'{asked}hand_in = ["essay.md", "*.png"]\n', 1))

    def grade(files: Mapping[str, str | bytes]) -> Graded:
        folder, out = house.folder / "download", house.folder / "out"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        words = ["grade", "hw7", "--submissions", folder, "--out", out, "--allow-weak", "--lanes", 1]
        done = CliRunner().invoke(main, ["--course", str(house.folder), *map(str, words)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        with (out / "class.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        with (out / "passed_over.csv").open(newline="", encoding="utf-8") as file:
            passed = {row["file"]: row["submission"] for row in csv.DictReader(file)}
        assert len({row["submission"] for row in rows}) == len(rows)
        points = {row["submission"]: row["points"] for row in rows}
        remarks = {row["submission"]: row["remark"] for row in rows}
        return Graded(points, remarks, passed, " ".join(done.stdout.split()))

    return grade


@pytest.fixture
def right(house: House) -> str:
    return str(house.reference)


@pytest.fixture
def half(house: House) -> str:
    """Problem 2 is wrong: 3 of 5.5 points."""
    return str(house.but("def mean(x):\n    return 0 * x.sum()\n"))


def hand_in(text: str) -> bytes:
    """What `make submit` packs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hw7_tiny/tiny.py", text)
        archive.writestr("hw7_tiny/essay.md", "Because.\n")
    return packed.getvalue()


def test_moodle(grade: Grade, right: str, half: str, house: House) -> None:
    untouched = (house.folder / "assignments/hw7_tiny/tiny.py").read_text()
    came = grade(
        {
            "Ada Lovelace_1201_assignsubmission_file_/hw7_tiny-handin.zip": hand_in(right),
            "Ada Lovelace_1201_assignsubmission_onlinetext_/onlinetext.html": "<p>My work</p>",
            "Alan Turing_1202_assignsubmission_file_/tiny (1).py": half,
            "Alan Turing_1202_assignsubmission_file_/tiny.py": untouched,
            "Grace Hopper_1203_assignsubmission_file_/essay.pdf": b"%PDF-1.7",
            "Grades-ML-HW7--5321.csv": "Identifier,Grade\n",
        }
    )
    assert came.points == {"Ada Lovelace_1201": "5.5", "Alan Turing_1202": "3", "Grace Hopper_1203": "0"}
    assert came.tells("Alan Turing_1202", "tiny (1).py")
    assert came.tells("Grace Hopper_1203", "essay.pdf")
    assert came.remarks["Ada Lovelace_1201"] == ""
    assert came.passed_over == {
        "Ada Lovelace_1201_assignsubmission_onlinetext_": "Ada Lovelace_1201",
        "Grades-ML-HW7--5321.csv": "",
    }


def test_canvas(grade: Grade, right: str, half: str) -> None:
    came = grade(
        {
            "lovelaceada_10001_200001_tiny.py": half,
            "lovelaceada_10001_200004_tiny-1.py": right,
            "lovelaceada_10001_200002_essay.md": "Because.\n",
            "lovelaceada_10001_200003_figure.png": b"PNG",
            "turingalan_LATE_10002_200005_tiny-2.py": half,
            "turingalan_LATE_10002_200006_essay.pdf": b"%PDF-1.7",
            "hoppergrace_10003_200007_hw7_tiny-handin.zip": hand_in(right),
            "noetheremmy_10004_text.html": "<p>I could not do it</p>",
        }
    )
    assert came.points == {
        "lovelaceada_10001": "5.5",
        "turingalan_10002": "3",
        "hoppergrace_10003": "5.5",
        "noetheremmy_10004": "0",
    }
    assert came.tells(
        "lovelaceada_10001", "2 uploads of tiny.py: the latest counts, lovelaceada_10001_200004_tiny-1.py"
    )
    assert came.tells("noetheremmy_10004", "what a student typed into its form")
    assert came.remarks["turingalan_10002"] == "handed in late, says Canvas"
    assert set(came.passed_over.values()) == {"lovelaceada_10001", "turingalan_10002"}
    assert len(came.passed_over) == 4


def test_blackboard(grade: Grade, right: str, half: str) -> None:
    first, second = "attempt_2026-02-03-10-00-00", "attempt_2026-02-04-11-00-00"
    came = grade(
        {
            f"HW7_ada_{first}.txt": "Name: Ada (ada)\n",
            f"HW7_ada_{first}_tiny.py": half,
            f"HW7_ada_{second}.txt": "Name: Ada (ada)\n",
            f"HW7_ada_{second}_tiny.py": right,
            f"HW7_ada_{second}_figure.png": b"PNG",
            f"HW7_alan_{first}.txt": "Name: Alan (alan)\n",
            f"HW7_alan_{first}_handin.zip": hand_in(half),
            f"HW7_alan_{second}.txt": "Name: Alan (alan)\n",
            f"HW7_alan_{second}_figure.png": b"PNG",
            f"HW7_grace_{first}_handin.zip": hand_in(half),
            f"HW7_grace_{second}_handin.zip": hand_in(right)[:60],
        }
    )
    assert came.points == {"HW7_ada": "5.5", "HW7_alan": "3", "HW7_grace": "3"}
    assert "so an earlier attempt was graded" in came.remarks["HW7_grace"]
    assert came.tells("HW7_ada", "2 attempts: the latest counts, 2026-02-04-11-00-00")
    assert came.tells("HW7_alan", "2 attempts: the latest with code counts, 2026-02-03-10-00-00")
    assert set(came.passed_over.values()) == {"HW7_ada", "HW7_alan", "HW7_grace"}
    assert len(came.passed_over) == 8


def test_brightspace(grade: Grade, right: str, half: str) -> None:
    came = grade(
        {
            "index.html": "<table></table>",
            "11111-67890 - Ada Lovelace - Feb 3, 2026 1000 AM/tiny.py": half,
            "11111-67890 - Ada Lovelace - Feb 3, 2026 905 PM/hw7_tiny-handin.zip": hand_in(right),
            "22222-67890 - Ada Lovelace - Feb 3, 2026 1000 AM/tiny.py": half,
        }
    )
    assert came.points == {"11111-67890 - Ada Lovelace": "5.5", "22222-67890 - Ada Lovelace": "3"}
    assert came.tells("11111-67890 - Ada Lovelace", "2 attempts: the latest counts, Feb 3, 2026 905 PM")
    assert came.remarks["22222-67890 - Ada Lovelace"] == ""
    assert came.passed_over == {
        "index.html": "",
        "11111-67890 - Ada Lovelace - Feb 3, 2026 1000 AM": "11111-67890 - Ada Lovelace",
    }


def test_gradescope(grade: Grade, right: str, half: str) -> None:
    people = {101: ["Ada Lovelace", "Alan Turing"], 102: ["Grace Hopper"], 103: ["Emmy Noether"]}
    listed = "---\n" + "".join(
        f"submission_{number}:\n  :submitters:\n" + "".join(f"  - :name: {name}\n    :sid: '7'\n" for name in names)
        for number, names in people.items()
    )
    came = grade(
        {
            "submission_metadata.yml": listed,
            "submission_101/tiny.py": right,
            "submission_101/essay.md": "Because.\n",
            "submission_102/hw7_tiny-handin.zip": hand_in(half),
        }
    )
    assert came.points == {"submission_101": "5.5", "submission_102": "3"}
    assert came.remarks["submission_101"] == "handed in by Ada Lovelace, Alan Turing"
    assert came.remarks["submission_102"] == "handed in by Grace Hopper"
    assert "names submissions that are not in the folder: submission_103 (Emmy Noether)" in came.printed
    assert came.passed_over == {"submission_metadata.yml": ""}


def test_github_classroom(grade: Grade, right: str, half: str) -> None:
    came = grade(
        {
            "hw7-ada/.git/HEAD": "ref: refs/heads/main\n",
            "hw7-ada/.github/workflows/classroom.yml": "on: [push]\n",
            "hw7-ada/README.md": "# Homework\n",
            "hw7-ada/assignments/hw7_tiny/tiny.py": right,
            "hw7-alan/.git/HEAD": "ref: refs/heads/main\n",
            "hw7-alan/tiny.py": half,
        }
    )
    assert came.points == {"hw7-ada": "5.5", "hw7-alan": "3"}
    assert came.passed_over == {}
