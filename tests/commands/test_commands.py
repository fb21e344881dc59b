"""The command line: what it prints, and its exit status: 0 good, 1 something was found wrong, 2 it was not done."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.judge.answers import RECORDED
from grader.report.files import write_result

House = Any  # tests/conftest.py


def typed(house: House, *words: object) -> Result:
    """`python -m grader WORDS` in the house."""
    return CliRunner().invoke(main, ["--course", str(house.folder), *map(str, words)], catch_exceptions=False)


def in_a_shell(house: House, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "grader", *words],
        cwd=house.folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, " ".join(done.stdout.split()), done.stderr  # where lines break is no matter


def quickly(house: House, *words: object) -> tuple[int, str]:
    done = typed(house, *words)
    return done.exit_code, " ".join(done.stdout.split())


# ---- what cannot be done is said in a line -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["check", "hw9"], "There is no homework 'hw9'"),
        (["grade", "hw9"], "There is no homework 'hw9'"),
        (["build", "hw9"], "There is no homework 'hw9'"),
        (["verify", "hw9"], "There is no homework 'hw9'"),
        (["check", "hw7", "--submission", "nobody.py"], "nobody.py: there is no such file or folder"),
        (["grade", "hw7", "--submissions", "nowhere"], "nowhere: there is no such folder"),
        (["show", "nothing.json"], "nothing.json: cannot be read (No such file or directory)"),
    ],
)
def test_an_error_is_one_line_and_status_2(house: House, words: list[str], says: str) -> None:
    done = typed(house, *words)
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert says in lines[0]


@pytest.mark.parametrize(
    "words", [["nonsense"], ["check", "--nonsense"], ["grade", "--seed", "-1"], ["grade", "--lanes", "0"]]
)
def test_a_slip_of_the_keyboard_is_status_2(house: House, words: list[str]) -> None:
    done = typed(house, *words)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


def test_outside_of_a_course_it_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--course", str(tmp_path), "check"])
    assert done.exit_code == 2
    assert "No course.toml in" in done.stderr


def test_a_broken_description_is_told_with_file_and_key(house: House) -> None:
    path = house.folder / "assignments/hw7_tiny/assignment.toml"
    path.write_text(path.read_text().replace("call_cpu_s = 1\n", "cpu = 1\n"))
    (house.folder / "class").mkdir()
    (house.folder / "class" / "ada.py").write_text(house.reference)
    done = typed(house, "grade", "hw7", "--submissions", house.folder / "class")
    assert done.exit_code == 2
    assert f"{path}: limits.cpu = 1" in done.stderr


def test_an_error_in_a_real_process_has_no_traceback(house: House) -> None:
    (house.folder / "course.toml").write_text("title = 3\n")
    status, out, err = in_a_shell(house, "check", "hw7")
    assert (status, out) == (2, "")
    assert "course.toml: " in err
    assert "Traceback" not in err


# ---- build and check ----------------------------------------------------------------------------------------------


def test_build_then_check_as_a_student_without_solutions(house: House) -> None:
    recording = house.folder / "assignments/hw7_tiny" / RECORDED
    again = recording.read_bytes()
    recording.unlink()
    done = typed(house, "build", "hw7")
    assert done.exit_code == 0
    assert done.output == f"wrote {recording}\n"
    assert recording.read_bytes() == again

    # From here on as a student: the solutions are gone.
    (house.folder / "solutions").rename(house.folder.parent / "secret")
    status, out, _ = in_a_shell(house, "check", "hw7")
    assert status == 1
    assert "missing Twice a small vector." in out
    assert "This is not implemented yet (line 8 of tiny.py, in twice:" in out
    assert "0 of 1 public checks pass." in out

    work = house.folder / "assignments/hw7_tiny/tiny.py"
    work.write_text("def twice(x):\n    print('I was here')\n    return 3 * x\n")
    status, out = quickly(house, "check", "hw7")
    assert status == 1
    assert "failed Twice a small vector." in out
    assert "got: tensor float64 (2,): [3., 6.]" in out
    assert "expected: tensor float64 (2,): [2., 4.]" in out
    assert "you printed: I was here" in out

    work.write_text("def twice(x):\n    return 2 * x\n")
    status, out = quickly(house, "check", "hw7", "--problem", "1")
    assert (status, out.count("passed")) == (0, 1)
    assert "1 of 1 public checks pass." in out

    recording.write_text(again.decode().replace('"answers": {', '"answers": {}, "old": {'))
    status, out = quickly(house, "check", "hw7")
    assert status == 1
    assert "answers.json has no answer to this question of 'twice': it is stale." in out


def test_check_tells_the_fault_of_a_file_once_and_stubs_in_a_line_a_problem(house: House) -> None:
    one = """
        @problem("ID", visibility="public")
        def test_NAME(ask: Ask) -> None:
            '''Question NAME.'''
            ask("twice", x=np.array(0.25)).same_as_reference()
    """
    public = "".join(dedent(one).replace("ID", id).replace("NAME", name) for id, name in ["1a", "1b", "2c", "2d"])
    house.checks("", public, points={"1": 1, "2": 1})
    assert typed(house, "build", "hw7").exit_code == 0
    work = house.folder / "assignments/hw7_tiny/tiny.py"
    work.write_text("import no_such_package\n")
    status, out = quickly(house, "check", "hw7")
    assert (status, out.count("Importing tiny.py fails"), out.count("See tiny.py above.")) == (1, 1, 2)
    assert "warning: line 1 of tiny.py, `import no_such_package`: " in out
    assert "0 of 4 public checks pass." in out
    work.write_text("def twice(x):\n    raise NotImplementedError\n")
    status, out = quickly(house, "check", "hw7")
    assert out.count("2 checks: Not implemented yet (line 2 of tiny.py, in twice).") == 2
    assert "Question" not in out


def test_an_exception_in_a_public_check_is_the_students_even_where_the_check_knows_the_answer(house: House) -> None:
    path = house.folder / "assignments/hw7_tiny/checks/test_public.py"
    path.write_text(
        path.read_text()
        .replace("Ask, problem", "Ask, close, problem")
        .replace("x=np.array([1.0, 2.0])).same_as_reference()", "x=np.array([1.0]))")
        .replace('    ask("twice"', '    answer = ask("twice"')
        + "    close(answer.value, np.array([2.0]), atol=1e-6)\n"
    )
    assert typed(house, "build", "hw7").exit_code == 0
    (house.folder / "assignments/hw7_tiny/tiny.py").write_text("def twice(x):\n    return x[7]\n")
    status, out = quickly(house, "check", "hw7")
    assert status == 1
    assert "Your code raised IndexError (line 2 of tiny.py, in twice: `return x[7]`)" in out
    assert "stale" not in out


def test_build_refuses_checks_that_the_reference_fails_or_that_cannot_be_imported(house: House) -> None:
    (house.folder / "assignments/hw7_tiny" / RECORDED).unlink()
    path = house.folder / "assignments/hw7_tiny/checks/test_public.py"
    path.write_text(path.read_text().replace(".same_as_reference()", ".same_as_reference(atol=-1.0)"))
    done = typed(house, "build", "hw7")
    assert done.exit_code == 2
    assert "test_public_twice: The answer has other values than expected" in done.stderr
    path.rename(path.with_name("test_other.py")).write_text("import no_such_module\n")
    done = typed(house, "build", "hw7")
    assert done.exit_code == 2
    assert "No module named 'no_such_module'" in done.stderr
    assert not (house.folder / "assignments/hw7_tiny" / RECORDED).exists()


# ---- grade and show ------------------------------------------------------------------------------------------------


def test_grade_writes_results_that_show_can_print(house: House) -> None:
    folder, out = house.folder / "class", house.folder / "out [1]"
    folder.mkdir()
    (folder / "ada [red].py").write_text(house.reference)
    (folder / "bob.py").write_text(house.but("def mean(x):\n    raise KeyError(str(x))\n"))
    (folder / "zoe.zip").write_bytes(b"PK\x03\x04")
    done = typed(house, "grade", "hw7", "--submissions", folder, "--out", out, "--allow-weak", "--lanes", 1)
    assert done.exit_code == 0
    assert "3 of 3 graded. Results:" in done.output
    with (out / "class.csv").open(newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert [(row["verdict"], row["points"]) for row in rows.values()] == [
        ("passed", "5.5"),
        ("failed", "3"),
        ("invalid", "0"),
    ]
    files = ["class.csv", "graded.jsonl", "misconceptions.csv", "passed_over.csv", *(f"{name}.json" for name in rows)]
    assert sorted(path.name for path in out.iterdir()) == sorted(files)

    shown = typed(house, "show", out / "bob.json")
    assert shown.exit_code == 0
    assert "Your code raised KeyError (line " in shown.output
    assert "tensor(" not in shown.output  # the hidden input, in the exception's text
    assert "bob: 3 of 5.5 points." in shown.output
    assert "KeyError: 'tensor(" in typed(house, "show", "--staff", out / "bob.json").output


def test_grading_a_class_that_nobody_could_be_read_of_is_no_success(house: House) -> None:
    folder = house.folder / "class"
    folder.mkdir()
    (folder / "zoe.py").write_text("")
    done = typed(house, "grade", "hw7", "--submissions", folder, "--out", house.folder / "out", "--allow-weak")
    assert done.exit_code == 1
    assert "Could not be read: zoe." in done.output


def test_a_regrade_loses_nothing(house: House) -> None:
    folder, out = house.folder / "class", house.folder / "out"
    late = house.folder / "late"
    folder.mkdir()
    late.mkdir()
    (folder / "ada.py").write_text(house.reference)
    (folder / "bob.py").write_text(house.but("def mean(x):\n    return 0 * x\n"))
    (late / "bob.py").write_text(house.reference)
    (late / "bob.png").write_bytes(b"PNG")

    def grade(*words: object) -> tuple[int, str]:
        return quickly(house, "grade", "hw7", "--out", out, "--allow-weak", "--lanes", 1, *words)

    def rows() -> list[tuple[str, ...]]:
        with (out / "class.csv").open(newline="") as file:
            return [(row["submission"], row["points"], row["run"]) for row in csv.DictReader(file)]

    status, said = grade("--submissions", folder)
    assert (status, rows()) == (0, [("ada", "5.5", "this"), ("bob", "3", "this")]), said
    assert "Grading hw7: 2 submissions Grading hw7: " in said  # in a pipe, lines
    status, said = grade("--submissions", late)
    assert (status, rows()) == (0, [("ada", "5.5", "earlier"), ("bob", "5.5", "this")]), said
    assert "1 of 1 graded." in said
    assert "Kept from earlier runs: 1 (ada)." in said
    assert "1 × lies beside a submission of that name, which counts: bob.png" in said
    before = (out / "ada.json").read_bytes()
    done = typed(house, "grade", "hw7", "--submissions", folder, "--out", out, "--allow-weak", "--problem", "2")
    assert done.exit_code == 2
    assert "holds results of more problems than this run grades (ada, bob)" in done.stderr
    assert (out / "ada.json").read_bytes() == before
    assert rows() == [("ada", "5.5", "earlier"), ("bob", "5.5", "this")]


def test_show_after_the_due_date_tells_more(house: House, tmp_path: Path) -> None:
    (result,) = house.judge(house.but("def twice(x):\n    return x * 5\n"))
    path = write_result(tmp_path, result)
    before, after = typed(house, "show", path).output, typed(house, "show", "--after-due", path).output
    assert before.count("got: ") == 1  # the public check
    assert after.count("got: ") == 2
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "schema_version": 9}))
    assert typed(house, "show", path).exit_code == 2
