"""What became of every known solution, kept: `known.json` beside the solution.

Grading all known solutions takes a minute or two a homework, and comes to the same as long as nothing has changed that
decides a grade. So `make known` (and `make prove`) writes down what came of it, with a digest of each thing that
decides. If nothing changed, `make verify` grades a drawn sample; if anything did, it grades everything, and says which.
The record is never refused and never trusted: an old one only means that everything is graded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.course.assignment import Assignment, read_text
from grader.course.points import Points
from grader.judge.result import CheckResult, Result, total
from grader.judge.verdict import MEANING, Verdict
from grader.proof.deciding import PROCESSOR
from grader.proof.verify import Proof, Trial

NAME = "known.json"
AGAIN = "what is drawn from the kept outcomes of known solutions comes out again"
Strict = ConfigDict(frozen=True, extra="forbid")


class Came(BaseModel):
    """What one grading came to: the checks that did not pass, by verdict, and points that a failed one gave."""

    model_config = Strict
    short: dict[Verdict, tuple[str, ...]] = {}
    credit: dict[str, Points] = {}

    @classmethod
    def of(cls, result: Result) -> Came:
        """The grading in short."""
        short: dict[Verdict, tuple[str, ...]] = {}
        for check in result.checks:
            if check.verdict != "passed":
                short[check.verdict] = (*short.get(check.verdict, ()), check.id)
        usual = {check.id: check.max_points if check.verdict == "passed" else 0 for check in result.checks}
        return cls(
            short=short,
            credit={check.id: check.points for check in result.checks if check.points != usual[check.id]},
        )

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Of each check that did not pass."""
        return {name: verdict for verdict, names in self.short.items() for name in names}

    @property
    def noticed(self) -> frozenset[str]:
        """The checks that saw something wrong; one that was blocked has seen nothing."""
        return frozenset(name for name, verdict in self.verdicts.items() if MEANING[verdict].caught)

    def said_by(self, check: str) -> str:
        """What a check made of it; in which way it failed may depend on the machine."""
        if check in self.noticed:
            return "noticed something"
        return "was blocked" if check in self.verdicts else "passed"

    def as_result(self, like: Result, trial: Trial) -> Result:
        """The grading as a result: of the same checks as `like`, which was graded just now. It has no times."""
        verdicts = self.verdicts
        checks = tuple(self._check(check, verdicts.get(check.id, "passed")) for check in like.checks)
        problems = tuple(
            problem.model_copy(update={"points": None if problem.points is None else total(checks, problem.id)})
            for problem in like.problems
        )
        about = {"submission": trial.name, "fingerprint": "", "notes": (f"as {NAME} tells",)}
        sums = {"points": total(checks), "checks": checks, "problems": problems}
        return like.model_copy(update={**about, **sums, "cpu_seconds": 0.0, "wall_seconds": 0.0})

    def _check(self, check: CheckResult, verdict: Verdict) -> CheckResult:
        return CheckResult(
            id=check.id,
            problem=check.problem,
            asked=check.asked,
            visibility=check.visibility,
            verdict=verdict,
            points=self.credit.get(check.id, check.max_points if verdict == "passed" else Fraction(0)),
            max_points=check.max_points,
        )


class Known(BaseModel):
    """The whole file. `came` has each grading by its name, such as "mutant sums@2026"."""

    model_config = Strict
    schema_version: int = 1
    note: str = "Written by `make known` and `make prove`; `make verify` grades a sample of it again, or all."
    depends: dict[str, str]
    came: dict[str, Came]
    seal: str

    @classmethod
    def of(cls, graded: Sequence[tuple[Trial, Result]], depends: Mapping[str, str]) -> Known:
        """What is to be kept of all gradings."""
        came = {key(trial): Came.of(result) for trial, result in graded}
        return cls(depends=dict(depends), came=came, seal=_seal(came))

    def text(self) -> str:
        """As the file has it: a line a grading."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        came = ",\n".join(f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in content["came"].items())
        head = {"schema_version": self.schema_version, "note": self.note, "depends": self.depends, "seal": self.seal}
        return json.dumps(head, indent=1).removesuffix("\n}") + f',\n "came": {{\n{came}\n }}\n}}\n'


def key(trial: Trial) -> str:
    """Names a grading: a mutant and an alternative may have one name."""
    return f"{trial.specimen.kind} {trial.name}"


def _seal(came: Mapping[str, Came]) -> str:
    """So that a line that somebody edits is noticed."""
    lines = json.dumps({name: each.model_dump(mode="json") for name, each in came.items()}, sort_keys=True)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def usable(assignment: Assignment, planned: Sequence[Trial], now: Mapping[str, str]) -> tuple[Known | None, str]:
    """The record, if it is of today; otherwise why not, in a few words. `now` is what decides today.

    A record that was made on another kind of processor is of today.
    """
    path = assignment.solution / NAME
    if not path.is_file():
        return None, f"there is no {NAME} (make known HW={assignment.short} writes it)"
    try:
        known = Known.model_validate_json(read_text(path))
    except ValidationError as error:
        return None, f"{NAME} is none of ours ({error.errors()[0]['msg']})"
    if known.seal != _seal(known.came):
        return None, f"{NAME} was changed by hand"
    if old := [
        name for name in sorted({*now, *known.depends} - {PROCESSOR}) if now.get(name) != known.depends.get(name)
    ]:
        more = f" and {len(old) - 3} more" if len(old) > 3 else ""
        return None, f"{', '.join(old[:3])}{more} changed since {NAME}"
    if {key(trial) for trial in planned} != set(known.came):
        return None, f"{NAME} is of other gradings, such as other seeds"
    return known, ""


def prove_known_again(known: Known, graded: Sequence[tuple[Trial, Result]]) -> list[Proof]:
    """Whether the sample came out as the record says, check by check. In which way a check fails may differ."""
    proofs = []
    for trial, result in graded:
        then, now = known.came[key(trial)], Came.of(result)
        changed = [
            f"{name} {then.said_by(name)}, now it {now.said_by(name)}"
            for name in sorted({*then.verdicts, *now.verdicts})
            if then.said_by(name) != now.said_by(name)
        ]
        if not changed and then.credit != now.credit:
            changed = ["the points of a check that gives a part of them are others"]
        proofs.append(Proof(AGAIN, key(trial), not changed, "; ".join(changed)))
    return proofs
