"""What the failed checks of a graded submission look like, said afterwards: points and verdicts stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.judge.diagnosis import diagnose
from grader.judge.evidence import TwoDraws
from grader.judge.problem import Check
from grader.judge.result import CheckResult, Diagnosis, Result
from grader.judge.specimen import Specimen


def explained(
    result: Result,
    came: TwoDraws,
    again: Mapping[str, CheckResult],
    known: Sequence[Specimen],
    checks: Mapping[str, Check],
) -> Result:
    """The result, with the known mistakes that explain its failed checks, and how the answers of others differ where
    they do so on both draws. `again` has the checks that were put on the further draw."""
    if came.further.trouble not in ("", "retried"):  # then nothing is sure
        return unexplained(result)
    named = diagnose(came, known, checks)
    said: dict[str, Diagnosis | None] = {}
    for check in result.checks:
        if check.id in named:
            said[check.id] = diagnosis_of(named[check.id], checks[check.id])
        elif check.diagnosis is not None and check.id in again and again[check.id].diagnosis == check.diagnosis:
            said[check.id] = check.diagnosis
    return with_diagnoses(result, said)


def unexplained(result: Result) -> Result:
    """The result without a word on what its failed checks look like: that is not known, or not yet."""
    return with_diagnoses(result, {})


def with_diagnoses(result: Result, said: Mapping[str, Diagnosis | None]) -> Result:
    """The result with other diagnoses, by check; the others have none."""
    told = (
        each if each.diagnosis == said.get(each.id) else each.model_copy(update={"diagnosis": said.get(each.id)})
        for each in result.checks
    )
    return result.model_copy(update={"checks": tuple(told)})


def diagnosis_of(wrongs: Sequence[Specimen], check: Check) -> Diagnosis:
    """The record of one mistake, or of several that cannot be told apart."""
    says = " Or: ".join(wrong.says for wrong in wrongs)
    hint = " Or: ".join(dict.fromkeys(wrong.hint for wrong in wrongs))
    return Diagnosis(mutant=" or ".join(wrong.name for wrong in wrongs), says=says, hint=hint, shown=check.diagnosis)
