"""A unit of work: what makes two of them different, and how that is told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.batch.job import Job
from grader.batch.unit import Making, Unit, changes, content_of, making_changes
from grader.intake import raw

FILES = {
    "grader/judge/ask.py": "a",
    "solutions/hw7_tiny/checks/test_hidden.py": "b",
    "solutions/hw7_tiny/tiny.py": "c",
    "solutions/hw7_tiny/mutants/sums.toml": "d",
    "assignments/hw7_tiny/probes.py": "e",
    "assignments/hw7_tiny/assignment.toml": "f",
    "version of torch": "2.13.0",
    "processor": "x86_64",
}
MAKING = Making.of(FILES, 7, frozenset(), "best")
UNIT = Unit("content", "remarks", MAKING)


def now(**changed: Any) -> Unit:
    """The same unit, made with something else."""
    return replace(UNIT, making=replace(MAKING, **changed))


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        (UNIT, []),
        (replace(UNIT, content="other"), ["handed in something else"]),
        (now(seed="8"), ["because the grading seed changed"]),
        (now(problems=("1",)), ["because other problems were asked (all; now 1)"]),
        (now(confinement="bare"), ["because the confinement changed (best; now bare)"]),
        (
            now(files={**FILES, "grader/judge/ask.py": "x", "grader/judge/new.py": "y"}),
            ["because the grader changed: grader/judge/ask.py, grader/judge/new.py (new)"],
        ),
        (
            now(files={**FILES, "solutions/hw7_tiny/checks/test_hidden.py": "x"}),
            ["because checks changed: solutions/hw7_tiny/checks/test_hidden.py"],
        ),
        (
            now(files={name: it for name, it in FILES.items() if name != "assignments/hw7_tiny/probes.py"}),
            ["because probes changed: assignments/hw7_tiny/probes.py (removed)"],
        ),
        (
            now(files={**FILES, "solutions/hw7_tiny/tiny.py": "x"}),
            ["because the reference or its data changed: solutions/hw7_tiny/tiny.py"],
        ),
        (now(files={**FILES, "version of torch": "2.14.0"}), ["because versions changed: torch 2.13.0 -> 2.14.0"]),
        (now(files={**FILES, "processor": "arm"}), ["because the processor changed: processor x86_64 -> arm"]),
    ],
)
def test_what_changed_is_named(unit: Unit, told: list[str]) -> None:
    assert changes(UNIT, unit) == told
    assert (UNIT.making.digest == unit.making.digest) == (not told or unit.content != UNIT.content)


def test_known_mistakes_count_only_for_who_failed_something() -> None:
    other = replace(MAKING, files={**FILES, "solutions/hw7_tiny/mutants/sums.toml": "x"})
    assert making_changes(MAKING, other, failed=False) == []
    assert making_changes(MAKING, other) == ["because known mistakes changed: solutions/hw7_tiny/mutants/sums.toml"]


def test_all_that_decides_how_files_are_read_is_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    job = Job("ada", str(tmp_path / "a"))
    jobs = [
        job,
        replace(job, path=str(tmp_path / "b")),
        replace(job, refusal="no code"),
        replace(job, alone=True),
        replace(job, files={"tiny.py": str(tmp_path / "b")}),
        replace(job, files={"other.py": str(tmp_path / "b")}),
        replace(job, modules={"tiny": "x = 1"}),
        replace(job, earlier=(Job("ada", str(tmp_path / "b")),)),
    ]
    found = [content_of(each) for each in jobs]
    assert None not in found
    assert len(set(found)) == len(jobs)
    assert content_of(replace(job, name="bob")) == found[0]


def test_what_cannot_be_read_is_no_unit(tmp_path: Path) -> None:
    assert Unit.of(Job("ada", str(tmp_path / "nothing")), MAKING) is None


def test_attempts_share_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("123")
    job = Job("ada", str(tmp_path / "a"))
    both = replace(job, earlier=(Job("ada", str(tmp_path / "b")),))
    monkeypatch.setattr(raw, "MOST_BYTES", 5)
    assert content_of(job) is not None
    assert content_of(both) is None
    monkeypatch.setattr(raw, "MOST_BYTES", 6)
    assert content_of(both) is not None
