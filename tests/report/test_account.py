"""The account of a folder of results: which stand, and why others do not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.batch.job import Job
from grader.batch.unit import Making
from grader.judge.result import Result
from grader.report.account import ACCOUNT, DAMAGED, NO_ACCOUNT, OURS, UNFINISHED, UNREADABLE, WEAK, Account
from grader.report.earlier import earlier
from grader.report.results_folder import save

MAKING = Making.of({"grader/judge/ask.py": "a", "solutions/hw7_tiny/mutants/sums.toml": "b"}, 7, frozenset(), "best")


class Class:
    """A class with one submission, "ada", and a folder of results."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.out.mkdir()
        self.job = Job("ada", str(folder / "ada.py"))
        (folder / "ada.py").write_text("x = 1\n")

    def graded(self, result: Result, *, finished: bool = True) -> None:
        """What a run does with a result."""
        account = Account(self.out, MAKING)
        account.begin(self.job)
        save(self.out, result)
        account.note(result, finished=finished)

    def reasons(self, making: Making = MAKING, **others: Any) -> tuple[str, ...]:
        """Why ada's result does not stand; () if it stands."""
        standing = Account(self.out, making, **others).standing([self.job], earlier(self.out))
        assert set(standing.kept) | set(standing.again) == {"ada"}
        return standing.again.get("ada", ())


@pytest.fixture
def class_of_one(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_what_did_not_change_stands(class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada"))
    assert class_of_one.reasons() == ()


def test_what_was_handed_in_counts(class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada"))
    Path(class_of_one.job.path).write_text("x = 2\n")
    assert class_of_one.reasons() == ("handed in something else",)
    Path(class_of_one.job.path).unlink()
    assert class_of_one.reasons() == (UNREADABLE,)


def test_known_mistakes_count_for_who_failed(class_of_one: Class, made_up: Any) -> None:
    other = replace(MAKING, files={**MAKING.files, "solutions/hw7_tiny/mutants/sums.toml": "x"})
    class_of_one.graded(made_up("ada"))
    assert class_of_one.reasons(other) == ()
    class_of_one.graded(made_up("ada", 0, "failed"))
    assert class_of_one.reasons(other) == ("because known mistakes changed: solutions/hw7_tiny/mutants/sums.toml",)


def test_a_result_that_was_changed_or_cut_is_damaged(class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada"))
    path = class_of_one.out / "ada.json"
    content = path.read_text()
    path.write_text(content.replace('"6"', '"5"', 1))
    assert class_of_one.reasons() == (DAMAGED,)
    path.write_text(content[:100])
    assert class_of_one.reasons() == (DAMAGED,)
    path.write_text(content)
    assert class_of_one.reasons() == ()
    path.unlink()
    assert Account(class_of_one.out, MAKING).standing([class_of_one.job], earlier(class_of_one.out)).new == ("ada",)


def test_what_is_not_finished_does_not_stand(class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada", 0, "failed"), finished=False)
    assert class_of_one.reasons() == (UNFINISHED,)
    class_of_one.graded(made_up("ada", 0, "grader_error"))
    assert class_of_one.reasons() == (OURS,)


def test_weak_confinement_stands_only_where_it_is_allowed(class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada", environment={"weak_confinement_allowed": True}))
    assert class_of_one.reasons() == (WEAK,)
    assert class_of_one.reasons(allow_weak=True) == ()


def test_a_result_of_before_there_was_an_account_is_made_anew(class_of_one: Class, made_up: Any) -> None:
    save(class_of_one.out, made_up("ada"))
    assert class_of_one.reasons() == (NO_ACCOUNT,)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text.replace("content", "kontent"),
        lambda text: "",
        lambda text: "\n".join(line for line in text.splitlines() if "made with" not in line),
        lambda text: text.replace('"finished": true', '"finished": 1'),
        lambda text: "\x00\xff" + text[len(text) // 2 :],
    ],
)
def test_a_damaged_account_costs_only_time(damage: Any, class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada"))
    path = class_of_one.out / ACCOUNT
    path.write_text(damage(path.read_text()))
    assert class_of_one.reasons() == (NO_ACCOUNT,)
    class_of_one.graded(made_up("ada"))  # behind what is damaged
    assert class_of_one.reasons() == ()


def test_half_a_line_is_not_read_and_does_no_harm(class_of_one: Class, made_up: Any) -> None:
    class_of_one.graded(made_up("ada"))
    path = class_of_one.out / ACCOUNT
    path.write_bytes(path.read_bytes() + b'["submission ada", {"content": "x", "rem')
    assert class_of_one.reasons() == ()
    class_of_one.graded(made_up("ada", 0, "failed"))
    assert class_of_one.reasons() == ()


def test_an_account_that_cannot_be_written_says_so(class_of_one: Class, made_up: Any) -> None:
    (class_of_one.out / ACCOUNT).mkdir()
    account = Account(class_of_one.out, MAKING)
    account.begin(class_of_one.job)
    account.note(made_up("ada"), finished=True)
    assert "graded.jsonl: cannot be written" in account.trouble


def test_lines_that_nobody_needs_are_dropped(class_of_one: Class, made_up: Any) -> None:
    for _ in range(4):
        class_of_one.graded(made_up("ada"))
    path = class_of_one.out / ACCOUNT
    assert len(path.read_text().split("\n\n")) > 2
    Account(class_of_one.out, MAKING).shorten(["ada"])
    assert [json.loads(line)[0].split()[0] for line in path.read_text().splitlines()] == ["made", "submission"]
    assert class_of_one.reasons() == ()
