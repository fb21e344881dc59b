"""What builds on a mistake that is known: judged with the mistake, so that it costs points only where it was made.

A check whose basis did not pass is `blocked`. Where one known mistake explains all that went wrong in that basis, the
check is put once more, and compared with the answers of the known wrong solution in place of the reference's: of a
solution that is right but for this one mistake. Whoever agrees with it has done this part right.

Only checks of other problems follow on. Within its own problem a mistake may well be what the next check is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.judge.diagnosis import Wrong
from grader.judge.problem import Check, needed
from grader.judge.verdict import Verdict

Named = Mapping[str, tuple[Wrong, ...]]  # check -> the mistakes that explain it


def mistake_below(
    name: str, verdicts: Mapping[str, Verdict], named: Named, checks: Mapping[str, Check]
) -> Wrong | None:
    """The one known mistake that blocks this check; None where there are several, or what blocks it is not known.

    Of mistakes that no check can tell apart it is the first.
    """
    wrong_below = {checks[other].problem for other in _basis(name, checks) if _went_wrong(verdicts.get(other))}
    if len(wrong_below) != 1 or checks[name].problem in wrong_below:
        return None
    (problem,) = wrong_below
    went_wrong = [
        other for other, verdict in verdicts.items() if checks[other].problem == problem and _went_wrong(verdict)
    ]
    explained = [named.get(other, ()) for other in went_wrong]
    names = {tuple(mistake.name for mistake in mistakes) for mistakes in explained}
    return explained[0][0] if len(names) == 1 and explained[0] else None


def _went_wrong(verdict: Verdict | None) -> bool:
    return verdict not in (None, "passed", "blocked")


def _basis(name: str, checks: Mapping[str, Check]) -> set[str]:
    """Every check that this one builds on, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for need in checks[waiting.pop()].needs:
            new = set(needed(need, checks)) - found
            found |= new
            waiting += new
    return found
