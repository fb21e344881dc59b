"""What a failed check is told of how its answer differs from the right one, whatever mistakes are known."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judge.difference import difference, only_the_gradient
from grader.judge.problem import Check
from grader.judge.result import Diagnosis
from grader.judge.sitting import Sitting
from grader.judge.verdict import WRONG

VALUES_FIRST = (
    "A check of this problem that is not about gradients failed, too: mend that first. The gradient may follow."
)


def tell(name: str, sitting: Sitting, checks: Mapping[str, Check]) -> None:
    """Adds to one failed check how its answer differs from the right one."""
    check, result = checks[name], sitting.results[name]
    if name not in sitting.evidence or result.verdict not in WRONG:
        return
    words = _differs(name, sitting, checks)
    told = Diagnosis(mutant="", says=words, hint="", shown=check.diagnosis) if words else None
    first = check.of == "gradients" and _values_are_wrong(name, sitting, checks)
    hint = VALUES_FIRST if first else result.hint
    sitting.results[name] = result.model_copy(update={"diagnosis": told, "hint": hint})


def _differs(name: str, sitting: Sitting, checks: Mapping[str, Check]) -> str:
    check, seen = checks[name], sitting.evidence[name].seen
    if check.of == "gradients" and _values_are_right(check.problem, sitting, checks):
        return only_the_gradient(seen.came, seen.expected, seen.atol, seen.rtol)
    return difference(seen.came, seen.expected, seen.atol, seen.rtol)


def _values_are_wrong(gradients: str, sitting: Sitting, checks: Mapping[str, Check]) -> bool:
    """Whether a check of values failed in the problem of a check of gradients: then these may be wrong for that reason
    alone. What failed at an answer of the same probe says nothing of values.
    """
    problem, probe = checks[gradients].problem, sitting.last_probes[gradients]
    return any(
        result.verdict in WRONG
        and (checks[name].problem, checks[name].of) == (problem, "values")
        and sitting.last_probes.get(name) != probe
        for name, result in sitting.results.items()
    )


def _values_are_right(problem: str, sitting: Sitting, checks: Mapping[str, Check]) -> bool:
    """Whether all checks of a problem's values passed, as far as they were run."""
    of_values = {name for name, check in checks.items() if check.problem == problem and check.of == "values"}
    verdicts = [result.verdict for name, result in sitting.results.items() if name in of_values]
    return bool(verdicts) and all(verdict == "passed" for verdict in verdicts)
