"""What a class cost and where it went wrong, check by check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.judge.result import Result
from grader.judge.verdict import MEANING

SHOWN = 3


@dataclass(frozen=True)
class CheckSummary:
    """One check over a class: to how many submissions it was put, how many it caught, and seconds of CPU time that
    their code took in it."""

    id: str
    problem: str
    judged: int
    failed: int
    cpu_s: float
    most_cpu_s: float

    @property
    def mean_cpu_s(self) -> float:
        return self.cpu_s / self.judged


def summaries(results: Iterable[Result]) -> list[CheckSummary]:
    """All checks that were put to somebody, in the order of the first result that has them. Who could not be read, or
    was not judged, is left out."""
    found: dict[str, CheckSummary] = {}
    for result in results:
        if result.verdict in ("invalid", "grader_error"):
            continue
        for check in result.checks:
            if not MEANING[check.verdict].asked:
                continue
            before = found.get(check.id, CheckSummary(check.id, check.problem, 0, 0, 0.0, 0.0))
            found[check.id] = CheckSummary(
                check.id,
                check.problem,
                before.judged + 1,
                before.failed + MEANING[check.verdict].caught,
                before.cpu_s + check.cpu_seconds,
                max(before.most_cpu_s, check.cpu_seconds),
            )
    return list(found.values())


def slowest(checks: Iterable[CheckSummary], count: int = SHOWN) -> list[CheckSummary]:
    """Those that took the most time of all, the worst first."""
    return sorted((each for each in checks if each.cpu_s > 0), key=lambda each: -each.cpu_s)[:count]


def most_failed(checks: Iterable[CheckSummary], count: int = SHOWN) -> list[CheckSummary]:
    """Those that caught the most submissions, the worst first."""
    return sorted((each for each in checks if each.failed), key=lambda each: -each.failed)[:count]


def summary_lines(checks: Sequence[CheckSummary]) -> list[str]:
    """Two lines, or fewer where there is nothing to say."""
    slow = [f"{each.id} {each.mean_cpu_s:.2g} s each, {each.most_cpu_s:.2g} s at most" for each in slowest(checks)]
    failed = [f"{each.id} {each.failed} of {each.judged}" for each in most_failed(checks)]
    lines = [f"Slowest checks (CPU time): {'; '.join(slow)}."] if slow else []
    return [*lines, *([f"Failed most often: {'; '.join(failed)}."] if failed else [])]
