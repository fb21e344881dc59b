"""Several attempts at one check, and the one record that they come to."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judge.result import Attempt, CheckResult
from grader.judge.retest import Retest
from grader.judge.verdict import MEANING


def undecided(retest: Retest, tried: Sequence[CheckResult]) -> bool:
    """Whether a check should be put once more."""
    verdicts = [result.verdict for result in tried]
    return (
        not MEANING[verdicts[-1]].final and retest.decided(verdicts.count("passed"), verdicts.count("failed")) is None
    )


def concluded(retest: Retest, tried: Sequence[CheckResult]) -> CheckResult:
    """One record of all attempts: the account of one that ended as the test did, what all cost, and each by itself.

    A check that failed shows its first failed attempt. Any verdict but `passed` and `failed` is no matter of chance:
    the attempt that had it was the last, and is the account.
    """
    verdicts = [result.verdict for result in tried]
    verdict = verdicts[-1]
    if not MEANING[verdict].final:
        verdict = retest.decided(verdicts.count("passed"), verdicts.count("failed")) or verdict
    account = tried[verdicts.index(verdict)]
    attempts = tuple(Attempt(verdict=each.verdict, came=each.came, metrics=each.metrics) for each in tried)
    return account.model_copy(
        update={
            "attempts": attempts,
            "cpu_seconds": round(sum(each.cpu_seconds for each in tried), 6),
            "wall_seconds": round(sum(each.wall_seconds for each in tried), 6),
            "output": "".join(each.output for each in tried),
        }
    )
