"""What `.ci/run` runs: everything, or where only documentation changed since a commit that passed, what reads it."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FILES = ("README.md", "docs/architecture.md", "grader/cli.py", "assignments/hw0/README.md", "tests/attacks/README.md")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with CI's script, one commit, and a Makefile that says what it was asked for."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text("test documentation:\n\t@echo made $@\n")
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("as it was\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=folder, check=True)


def ran(clone: Path, passed: str, **stand_ins: str) -> subprocess.CompletedProcess[str]:
    """`.ci/run`, where no command is to be had but those that it needs, and `stand_ins`: what each of them does."""
    commands = clone.parent / f"{clone.name}-commands"
    commands.mkdir(exist_ok=True)
    for name in ("bash", "dirname", "echo", "git", "grep", "head", "make", "sh", "touch"):
        (commands / name).unlink(missing_ok=True)
        (commands / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    for name, does in (stand_ins or {"chromium": "true"}).items():
        (commands / name.replace("_", "-")).write_text(f"#!/bin/sh\n{does}\n")
        (commands / name.replace("_", "-")).chmod(0o755)
    environment = {"PASSED": passed, "PATH": str(commands), "HOME": str(clone)}
    return subprocess.run(["bash", ".ci/run"], cwd=clone, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize(
    ("changed", "target"),
    [
        (["README.md"], "documentation"),
        (["docs/architecture.md", "tests/attacks/README.md", "docs/new.md"], "documentation"),
        (["README.md", "grader/cli.py"], "test"),
        (["assignments/hw0/README.md"], "test"),
        (["docs/figure.py"], "test"),
        (["tests/courses/tiny/assignments/hw7_tiny/README.md"], "test"),
        ([], "documentation"),
    ],
)
def test_what_runs_after_which_change(clone: Path, changed: list[str], target: str, committed: bool) -> None:
    for file in changed:
        (clone / file).parent.mkdir(parents=True, exist_ok=True)
        (clone / file).write_text("another\n")
    if committed:
        git(clone, "add", ".")
        git(clone, "commit", "-q", "--allow-empty", "-m", "second")
    done = ran(clone, "HEAD~1" if committed else "HEAD")
    assert done.stdout.splitlines()[-1] == f"made {target}", done.stderr
    assert ("Only documentation changed" in done.stdout) == (target == "documentation")


def test_code_that_was_renamed_to_documentation_has_changed(clone: Path) -> None:
    git(clone, "mv", "grader/cli.py", "docs/cli.md")
    assert ran(clone, "HEAD").stdout.splitlines()[-1] == "made test"


def test_without_a_commit_that_passed_everything_runs_and_one_that_is_none_is_refused(clone: Path) -> None:
    (clone / "README.md").write_text("another\n")
    assert ran(clone, "").stdout == "made test\n"
    unknown = ran(clone, "no-such-commit")
    assert unknown.returncode != 0
    assert "made" not in unknown.stdout


@pytest.mark.parametrize(
    ("apt_get", "asked", "says"),
    [
        ('echo "$@" >>asked', ["update -q", "install -y -q --no-install-recommends chromium"], ""),
        ("exit 1", [], "Chromium could not be installed"),
    ],
)
def test_a_browser_is_installed_where_there_is_none(clone: Path, apt_get: str, asked: list[str], says: str) -> None:
    done = ran(clone, "", apt_get=apt_get)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "made test")
    assert says in done.stdout
    assert ((clone / "asked").read_text().splitlines() if asked else []) == asked


def test_no_browser_is_installed_where_there_is_one(clone: Path) -> None:
    assert ran(clone, "", chromium="true", apt_get="touch asked").returncode == 0
    assert not (clone / "asked").exists()
