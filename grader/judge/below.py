"""What a problem builds on, and how a check that was put with the reference's part in place of that counts.

A mistake costs points where it was made. Checks of a problem that builds on others are put again where one of those
went wrong, to the submission with the reference's part for them in place of its own: whoever passes has done this
problem right. So it does not matter which mistake it was, or how many, and adding one never helps.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.intake import Submission
from grader.judge.problem import Check, needed
from grader.judge.quote import Quotes
from grader.judge.result import CheckResult
from grader.judge.verdict import MEANING, Verdict
from grader.sandbox.replies import Given


def basis_of(checks: Mapping[str, Check]) -> dict[str, frozenset[str]]:
    """Of each problem with checks the other problems that its checks need, directly or not; who builds on least first.

    What needs each other in a circle is left out: neither can be judged with the other taken for right.
    """
    direct: dict[str, set[str]] = {check.problem: set() for check in checks.values()}
    for check in checks.values():
        for need in check.needs:
            direct[check.problem] |= {checks[name].problem for name in needed(need, checks)}
    found = {problem: _reached(problem, direct) for problem in direct}
    basis = {
        problem: frozenset(other for other in below if other != problem and problem not in found[other])
        for problem, below in found.items()
    }
    return dict(sorted(basis.items(), key=lambda item: len(item[1])))


def _reached(problem: str, direct: Mapping[str, set[str]]) -> set[str]:
    found = set(direct[problem])
    todo = list(found)
    while todo:
        new = direct[todo.pop()] - found
        found |= new
        todo += new
    return found


def went_wrong(problem: str, checks: Mapping[str, Check], verdicts: Mapping[str, Verdict]) -> bool:
    """Whether a check of this problem did not pass."""
    return any(
        checks[name].problem == problem and verdict != "passed" for name, verdict in verdicts.items() if name in checks
    )


def better(before: CheckResult, now: CheckResult) -> CheckResult:
    """What counts of a check that was put to the whole submission, and then with the reference's part in it.

    A second answer tells more of this problem alone. An end without an answer may only mean that the student's code
    does not fit to the reference's, which it need not: then what came `before` stays, and `detail` says how it ended.
    """
    if now.verdict == "grader_error":  # then nobody knows what it would have come to
        return now
    if now.points != before.points:
        return max(before, now, key=lambda result: result.points)
    if MEANING[now.verdict].ended and not before.file:
        return now
    if before.verdict == "blocked":
        return before.model_copy(update={"given": now.given, "detail": f"{now.verdict}: {now.summary}"})
    return before.model_copy(update={"diagnosis": None})  # that may be of what it builds on


def beside(
    given: Mapping[str, Given], submission: Submission, quotes: Quotes, results: Mapping[str, CheckResult]
) -> dict[str, str]:
    """A submission's modules as they stand beside the reference's part. In a file that cannot be imported, as checks
    have found, nothing is the submission's own."""
    files = {result.file for result in results.values() if result.file}
    return {
        name: "" if name not in submission.modules or quotes.holder(name) in files else text
        for name, text in {**dict.fromkeys(given, ""), **submission.modules}.items()
    }
