"""GitHub Classroom: the workflow that a handout carries, and what its reporter reads."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from grader.authoring.release import write_release
from grader.cli import main
from grader.commands.check import Practised
from grader.commands.classroom import LONGEST, encoded, results_of
from grader.course.assignment import load_course
from grader.judge.result import CheckResult

House = Any  # tests/conftest.py
HERE = Path(__file__).parent
WORKFLOW = ".github/workflows/classroom.yml"
COURSE = load_course(HERE)


def checked(house: House, source: str) -> dict[str, Any]:
    """What a step of the workflow hands on, for this module."""
    (house.folder / "assignments/hw7_tiny/tiny.py").write_text(source)
    output = house.folder / "output"
    output.write_text("other=1\n")
    words = ["--course", str(house.folder), "check", "hw7", "--classroom"]
    done = CliRunner().invoke(main, words, env={"GITHUB_OUTPUT": str(output)}, catch_exceptions=False)
    assert done.exit_code == 0, "the reporter says what failed"
    before, line = output.read_text().splitlines()
    assert before == "other=1"
    return read_back(line.removeprefix("result="))


def read_back(result: str) -> dict[str, Any]:
    """As the reporter reads a result. What it counts and what it sums must be the same."""
    found: dict[str, Any] = json.loads(base64.b64decode(result, validate=True))
    passed = sum(test["status"] == "pass" for test in found["tests"])
    assert passed == sum(test["score"] for test in found["tests"])
    assert found["max_score"] == len(found["tests"])
    return found


def without_times(results: dict[str, Any]) -> dict[str, Any]:
    return {**results, "tests": [{**test, "execution_time": 0} for test in results["tests"]]}


def test_each_public_check_is_one_test(house: House) -> None:
    golden = json.loads((HERE / "github/results.json").read_text())
    right = checked(house, house.reference)
    assert without_times(right) == golden
    untouched = checked(house, "def twice(x):\n    raise NotImplementedError\n")
    assert (untouched["status"], untouched["tests"][0]["score"]) == ("fail", 0)
    assert untouched["tests"][0]["message"].startswith("missing: ")
    crashing = checked(house, "def twice(x):\n    import os\n    os._exit(3)\n")
    assert (crashing["status"], crashing["tests"][0]["status"]) == ("error", "error")


def test_work_that_cannot_be_read_is_one_test_that_failed(house: House) -> None:
    found = checked(house, "def twice(:\n")
    assert (found["status"], [test["score"] for test in found["tests"]]) == ("error", [0])
    assert "line 1" in found["tests"][0]["message"]


def test_long_messages_are_cut_so_that_all_fit_into_a_variable() -> None:
    check = CheckResult(
        id="a",
        problem="1",
        asked="It is " + "long " * 1000,
        visibility="public",
        verdict="failed",
        points=0,
        max_points=0,
        summary="\x1b[31m" + "no " * 1000,
    )
    found = results_of(COURSE.assignment("hw0"), Practised((check,) * 60))
    assert all(len(test[key]) <= LONGEST + 20 for test in found["tests"] for key in ("name", "message"))
    assert len(encoded(found)) < 128_000
    assert "\x1b" not in found["tests"][0]["message"]
    assert read_back(encoded(found))["max_score"] == 60


@pytest.fixture(params=COURSE.names())
def workflow(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The workflow that comes with each homework."""
    write_release(COURSE, [COURSE.assignment(request.param)], tmp_path / "out")
    return tmp_path / "out" / WORKFLOW


def test_a_workflow_hands_its_checks_to_the_reporter(workflow: Path) -> None:
    read = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    (job,) = read["jobs"].values()
    *_, checks, reporter = job["steps"]
    runner = checks["id"]
    assert checks["run"] == f".venv/bin/python -m grader check {runner} --classroom"
    assert COURSE.assignment(runner).short == runner
    assert reporter["with"]["runners"] == runner
    assert reporter["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{runner}.outputs.result }}}}"}
    install = next(step["run"] for step in job["steps"] if step.get("name") == "Install")
    target = install.split()[1]
    assert target == ("models" if COURSE.assignment(runner).preload else "setup")
    assert f"\n{target}: " in (workflow.parents[2] / "Makefile").read_text(encoding="utf-8")


LEFT_OUT = "GitHub's schema of workflows was left out: pip install check-jsonschema"


@pytest.mark.skipif(importlib.util.find_spec("check_jsonschema") is None, reason=LEFT_OUT)
def test_a_workflow_is_what_githubs_schema_allows(workflow: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(workflow)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_holds_several_homeworks_has_no_workflow(tmp_path: Path) -> None:
    write_release(COURSE, [COURSE.assignment(name) for name in COURSE.names()[:2]], tmp_path / "out")
    assert not (tmp_path / "out" / ".github").exists()
