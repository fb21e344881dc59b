"""How long a question may take: in proportion to what its check needs, and never at another problem's cost."""

from collections.abc import Mapping
from typing import Any

import pytest

from grader.batch.class_run import Job, grade
from grader.judge.ask import Allowance, Ask
from grader.judge.draws import Draws
from grader.judge.quote import Quotes
from grader.judge.verdict import CheckEnded
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Limits, Reply

House = Any  # tests/conftest.py
LIMITS = Limits(call_cpu_s=20, call_wall_s=30, problem_cpu_s=50)


class Slow(InlineHost):
    """A host whose every call takes `needs` CPU seconds, or is stopped at its limit."""

    limits = LIMITS

    def __init__(self, needs: float) -> None:
        super().__init__({}, "")
        self.needs, self.given = needs, list[tuple[float, float]]()

    def call(self, *question: Any, cpu_s: float, wall_s: float) -> Reply:  # type: ignore[override]
        self.given.append((cpu_s, wall_s))
        if self.needs > cpu_s:
            return Reply("cpu_limit", detail=f"stopped after {cpu_s:g} s of CPU time", cpu_s=cpu_s)
        return Reply("returned", 1, cpu_s=self.needs)


class NoAnswers:
    def reply(self, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        raise AssertionError("nobody asks the reference here")


def asking(host: Slow, allowance: Allowance, budget_s: float = 2.0) -> Ask:
    return Ask(host, NoAnswers(), Draws(7, "test_a"), Quotes({}, ""), allowance, budget_s=budget_s)


@pytest.mark.parametrize(("budget_s", "patience"), [(1e-6, 20), (2.0, 20), (2.5, 25)])
def test_a_question_may_take_ten_times_the_budget_of_its_check_and_at_least_twenty_seconds(
    budget_s: float, patience: float
) -> None:
    host = Slow(needs=patience - 0.1)
    assert asking(host, Allowance("1"), budget_s)("twice").value == 1
    assert host.given == [(patience, 30)]
    with pytest.raises(CheckEnded) as ended:
        asking(Slow(needs=patience + 0.1), Allowance("1"), budget_s)("twice")
    assert ended.value.verdict == "timeout"
    assert ended.value.summary == f"Your code was stopped after {patience} s of computing."
    assert f"Most right solutions need less than {budget_s:g} s" in ended.value.hint


def test_the_checks_of_a_problem_share_its_time_and_no_other_problem_does() -> None:
    loops, first, second = Slow(needs=1e9), Allowance("1"), Allowance("2")
    said = []
    for _ in range(6):
        with pytest.raises(CheckEnded) as ended:
            asking(loops, first, budget_s=3.2)("twice")
        assert ended.value.verdict == "timeout"
        said.append(ended.value.summary)
    # A quarter once one was stopped, then what is left of the problem's 50 s, then nothing.
    assert loops.given == [(32, 30), (8, 7.5), (8, 7.5), (2, 7.5)]
    assert said[1:3] == ["Your code was stopped after 8 s of computing."] * 2
    assert set(said[3:]) == {"There was no computing time left for this check: checks before it had used it up."}
    assert "problem 1 had used up their 50 s" in ended.value.detail
    assert asking(Slow(needs=19.9), second)("mean").value == 1
    assert (first.used_s, second.used_s) == (50, 19.9)


def test_what_a_check_spent_without_an_answer_is_told_once() -> None:
    ask = asking(Slow(needs=1e9), Allowance("1", used_s=45))
    for _ in range(2):
        with pytest.raises(CheckEnded):
            ask("twice")
    assert ask.spent.cpu_s == 5


BURNING = """
    import time

    def burn(seconds):
        begun = time.process_time()
        while time.process_time() < begun + seconds:
            pass

    def twice(x):
        burn({vector} if x.ndim else {number})
        return {answer}
"""


def test_what_a_submission_used_up_the_reference_does_not_lack(house: House) -> None:
    """An odd answer is put to the reference, to see whose fault it is: with time of its own, or we would be guilty."""
    checks = """
        @problem("1", points=1)
        def test_vector(ask: Ask):
            "A vector."
            ask("twice", x=np.ones(3))


        @problem("1", points=1)
        def test_a_number(ask: Ask):
            "A number."
            float(ask("twice", x=np.array(1.0)).value)
    """
    house.checks(checks, points={"1": 2})
    path = house.folder / "assignments/hw7_tiny/assignment.toml"
    path.write_text(path.read_text().replace("call_cpu_s = 1\n", "call_cpu_s = 0.8\nproblem_cpu_s = 0.9\n"))
    (house.folder / "solutions/hw7_tiny/tiny.py").write_text(
        house.but(BURNING.format(vector=0, number=0.25, answer="2 * x"))
    )
    odd = house.but(BURNING.format(vector=0.6, number=0.1, answer="2 * x if x.ndim else 'two'"))
    jobs = [Job("odd", modules={"tiny": odd})]
    ((_, result),) = grade(jobs, house.assignment, 7, sandbox=house.sandbox, lane_count=1, allow_weak=True)
    assert {check.id: check.verdict for check in result.checks} == {"test_vector": "passed", "test_a_number": "failed"}
    assert "does not have the form" in result.checks[1].summary


def test_a_loop_without_end_costs_its_own_problem_only(house: House) -> None:
    twice = "@problem('1', points=1)\ndef test_{n}(ask: Ask):\n    'Ends.'\n    ask('twice', x=np.ones({n}))\n\n\n"
    mean = "@problem('2', points=1)\ndef test_mean(ask: Ask):\n    'The mean.'\n    ask('mean', x=np.ones(3))\n"
    house.checks("".join(twice.format(n=n) for n in range(5)) + mean, points={"1": 5, "2": 1})
    path = house.folder / "assignments/hw7_tiny/assignment.toml"
    path.write_text(path.read_text().replace("call_cpu_s = 1\n", "call_cpu_s = 0.8\nproblem_cpu_s = 1.1\n"))
    loops = house.but("def twice(x):\n    while True:\n        pass\n\ndef mean(x):\n    return 2 * x.mean()\n")
    ((_, result),) = grade(
        [Job("loops", modules={"tiny": loops})],
        house.assignment,
        7,
        sandbox=house.sandbox,
        lane_count=1,
        allow_weak=True,
    )
    assert {check.id: check.verdict for check in result.checks} == {
        **{f"test_{n}": "timeout" for n in range(5)},
        "test_mean": "passed",
    }
    assert result.points == 1
    used = [check.cpu_seconds for check in result.checks if check.problem == "1"]
    assert sum(used) >= 1.1
    assert used[-2:] == [0, 0]  # nothing was left for them
