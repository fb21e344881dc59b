"""What the failed checks of a graded submission look like, said afterwards: points and verdicts stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.judge.diagnosis import diagnose
from grader.judge.evidence import Findings
from grader.judge.problem import Check
from grader.judge.result import Diagnosis, Result
from grader.judge.specimen import Specimen


def explained(result: Result, findings: Findings, known: Sequence[Specimen], checks: Mapping[str, Check]) -> Result:
    """The result, with the known mistakes that explain its failed checks in place of what was said of them."""
    named = diagnose(findings, known, checks)
    told = (
        each.model_copy(update={"diagnosis": diagnosis_of(named[each.id], checks[each.id])})
        if each.id in named
        else each
        for each in result.checks
    )
    return result.model_copy(update={"checks": tuple(told)})


def diagnosis_of(wrongs: Sequence[Specimen], check: Check) -> Diagnosis:
    """The record of one mistake, or of several that cannot be told apart."""
    says = " Or: ".join(wrong.says for wrong in wrongs)
    hint = " Or: ".join(dict.fromkeys(wrong.hint for wrong in wrongs))
    return Diagnosis(mutant=" or ".join(wrong.name for wrong in wrongs), says=says, hint=hint, shown=check.diagnosis)
