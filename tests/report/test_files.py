"""Results as files."""

import csv
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.points import decimal
from grader.errors import CourseError
from grader.intake import Submission
from grader.judge.result import Result
from grader.report.class_file import write_class
from grader.report.files import inert, read_result, write_result

House = Any  # tests/conftest.py
DOCS = Path(__file__).parents[2] / "docs" / "result.md"


@pytest.fixture
def results(house: House) -> list[Result]:
    """A right, a wrong and an unreadable submission."""
    unread = Submission.invalid("zoe", Path("zoe.zip"), '=HYPERLINK("x"), said "zoe";\nand more')
    half = house.but("def twice(x):\n    print('x')\n    return x if x.ndim == 0 else 2 * x\n")
    judged: list[Result] = house.judge(half, unread, house.reference)
    return judged


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(), newline="")))


def test_a_result_survives_its_file(results: list[Result], tmp_path: Path) -> None:
    for result in results:
        path = write_result(tmp_path / "out", result)
        assert path == tmp_path / "out" / f"{result.submission}.json"
        assert read_result(path) == result
    assert sorted(item.name for item in (tmp_path / "out").iterdir()) == [
        "student_0.json",
        "student_2.json",
        "zoe.json",
    ]


def test_points_in_json_are_exact_text(results: list[Result], tmp_path: Path) -> None:
    content = json.loads(write_result(tmp_path, results[0]).read_text())
    assert (content["points"], content["max_points"]) == ("7/2", "11/2")
    assert {check["id"]: check["points"] for check in content["checks"]}["test_twice_a_number"] == "1/2"
    assert content["problems"][2]["points"] is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema_version": 2}, r"has schema_version 2; this grader reads 1\. Grade it again\."),
        ({"schema_version": None}, "has schema_version None"),
        ({"schema_version": "1"}, "has schema_version '1'"),
        ({"bonus": 1}, "bonus: Extra inputs are not permitted"),
        ({"points": 3.5}, "points: .*must be an integer or text"),
        ({"points": None}, "points: "),
        ({"checks": [{}]}, r"checks\.0\.id: Field required"),
    ],
)
def test_a_file_of_another_form_is_refused(results: list[Result], tmp_path: Path, change: Any, says: str) -> None:
    path = write_result(tmp_path, results[0])
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(CourseError, match=says):
        read_result(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schema_version": 1}', b"[" * 100_000])
def test_what_is_no_result_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=r"x\.json: "):
        read_result(path)
    with pytest.raises(CourseError, match=r"nothing\.json: cannot be read \(No such file"):
        read_result(tmp_path / "nothing.json")


def test_a_run_that_fails_keeps_the_grade_of_an_earlier_run(results: list[Result], tmp_path: Path) -> None:
    good = results[0]
    broken = good.model_copy(
        update={"checks": tuple(check.model_copy(update={"verdict": "grader_error"}) for check in good.checks)}
    )
    kept = write_result(tmp_path, good)
    apart = write_result(tmp_path, broken)
    assert apart == tmp_path / "not_graded" / "student_0.json"
    assert read_result(kept) == good
    assert read_result(apart) == broken
    write_result(tmp_path, good)
    assert not apart.exists()


def test_the_class_is_a_row_each_sorted_and_quoted(results: list[Result], tmp_path: Path) -> None:
    write_class(tmp_path / "class.csv", results)
    when = [result.graded_at for result in results]
    assert rows(tmp_path / "class.csv") == [
        ["submission", "verdict", "points", "max_points", "problem 1", "problem 2", "remark", "graded_at", "run"],
        ["student_0", "failed", "3.5", "5.5", "2.5", "1", "", when[0], "this"],
        ["student_2", "passed", "5.5", "5.5", "3", "2.5", "", when[2], "this"],
        ["zoe", "invalid", "0", "5.5", "0", "0", '\'=HYPERLINK("x"), said "zoe";\nand more', when[1], "this"],
    ]


def test_what_was_not_graded_has_no_points_at_all(results: list[Result], tmp_path: Path) -> None:
    broken = results[0].model_copy(
        update={"checks": (results[0].checks[0].model_copy(update={"verdict": "grader_error"}), *results[0].checks[1:])}
    )
    write_class(tmp_path / "class.csv", [broken])
    row = rows(tmp_path / "class.csv")[1]
    assert row[:6] == ["student_0", "grader_error", "", "5.5", "", ""]
    assert row[6] == "not graded, by a mistake of ours: see not_graded/student_0.json"


def test_an_empty_class_has_a_heading(tmp_path: Path) -> None:
    write_class(tmp_path / "class.csv", [])
    assert rows(tmp_path / "class.csv") == [
        ["submission", "verdict", "points", "max_points", "remark", "graded_at", "run"]
    ]


def test_zero_is_zero_and_thirds_keep_six_places(results: list[Result], tmp_path: Path) -> None:
    points = (results[0].problems[0].model_copy(update={"points": Fraction(1, 3)}), *results[0].problems[1:])
    write_class(tmp_path / "class.csv", [results[0].model_copy(update={"points": Fraction(0), "problems": points})])
    assert rows(tmp_path / "class.csv")[1][2:6] == ["0", "5.5", "0.333333", "1"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1+1", "－1", "＋1", "＠x"])
def test_a_formula_is_defused(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not inert(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert "\r" not in inert(text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=5, unique=True))
def test_any_name_survives_the_csv(names: list[str]) -> None:
    import tempfile

    base = Result.model_validate_json(BASE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "class.csv"
        write_class(path, [base.model_copy(update={"submission": name}) for name in names])
        read = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert [row[0] for row in read[1:]] == [inert(name) for name in sorted(names)]
    assert {len(row) for row in read} == {7}


BASE = json.dumps(
    {
        "schema_version": 1,
        **{key: "x" for key in ("assignment", "submission", "source", "fingerprint", "graded_at")},
        **{key: "0" for key in ("points", "max_points")},
        **{key: 0 for key in ("cpu_seconds", "wall_seconds")},
        **{key: [] for key in ("problems", "checks")},
        "environment": {
            **{key: "x" for key in ("grader", "python", "torch", "numpy", "platform", "confinement")},
            "grading_seed": "0",
            "layers": [],
        },
    }
)


@pytest.mark.documents
def test_every_column_is_documented(results: list[Result], tmp_path: Path) -> None:
    write_class(tmp_path / "class.csv", results)
    text = DOCS.read_text().split("## The class")[1]
    for column in rows(tmp_path / "class.csv")[0]:
        assert f"| `{column if not column.startswith('problem ') else 'problem <id>'}` |" in text


def test_the_decimals_of_a_class_add_up(results: list[Result]) -> None:
    assert sum(float(decimal(problem.points)) for problem in results[0].problems if problem.points is not None) == 3.5
