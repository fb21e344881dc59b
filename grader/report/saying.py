"""What is said of a check, whatever it is shown on: the lines below its sentence, each with a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grader.judge.result import CheckResult
from grader.judge.verdict import Verdict

Kind = Literal["summary", "diagnosis", "got", "expected", "try", "detail", "printed", "warned", "staff", "given"]
LOOKS_LIKE, DIFFERS = "this looks like: ", "what differs: "
GIVEN = "Judged with the course's own {} in place of yours: mistakes there cost nothing here."
GIVEN_IN_VAIN = "With the course's own {} in place of yours, it did not run either."
SAME_AGAIN = "the mistake named above"
TOLD = {"after_due": "after the due date", "staff": "never"}
# What `judge.fault` says of a stub, without the quoted line.
NOT_YET = re.compile(
    r"(?P<what>This is not implemented|There is no answer) yet(?: \((?P<place>.*?)(?:: `.*`)?\))?\.", re.DOTALL
)
# As `warnings` prints it: where, what, and as a rule the line. PyTorch's compiled part puts a mark at the beginning.
WARNING = re.compile(r"^(?:\[W\d.*\n?|\S[^\n]*:\d+: \w*Warning: .*\n?(?:  .*\n?)*)", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One thing that is said. `label` stands before it, and may be empty."""

    kind: Kind
    label: str
    text: str


def lines_of(check: CheckResult, *, staff: bool) -> list[Line]:
    """All that is said of a check below its sentence; of one that passed, what it printed alone."""
    known = check.diagnosis
    lines = [
        Line("summary", "", check.summary),
        *([Line("diagnosis", LOOKS_LIKE if known.mutant else DIFFERS, known.says)] if known else []),
        Line("got", "got: ", check.came),
        Line("expected", "expected: ", check.expected),
        Line("try", "try: ", hint_of(check)),
    ]
    if staff:
        lines += [Line("detail", "detail: ", check.detail), Line("printed", "printed: ", check.output)]
        lines += _for_staff(check)
    elif check.verdict not in ("missing", "blocked"):  # there the summary says it all
        lines += [Line("detail", "details: ", check.detail), *printed(check.output)]
    passed = check.verdict == "passed"
    told = [line for line in lines if line.text and (not passed or line.label in PRINTED)]
    if check.given:
        problems = f"problem{'s' if ',' in check.given else ''} {check.given}"
        said = GIVEN_IN_VAIN if check.verdict == "blocked" else GIVEN
        told.append(Line("given", "", said.format(problems)))
    return told


PRINTED = ("you printed: ", "a library warned: ")


def printed(output: str) -> list[Line]:
    """What the student's code printed, and apart from it what libraries warned of."""
    warned = "".join(WARNING.findall(output))
    return [Line("printed", PRINTED[0], WARNING.sub("", output).strip("\n")), Line("warned", PRINTED[1], warned)]


def hint_of(check: CheckResult) -> str:
    """The hint of the mistake that was named, or else the check's own, which is for any mistake and may miss this."""
    return check.diagnosis.hint if check.diagnosis and check.diagnosis.mutant else check.hint


def _for_staff(check: CheckResult) -> list[Line]:
    notes = [Line("staff", "check: ", check.id)]
    if check.diagnosis and check.diagnosis.mutant:
        notes.append(Line("staff", "known as: ", check.diagnosis.mutant))
    if check.diagnosis and check.diagnosis.shown != "always":
        notes.append(Line("staff", "the student is told what it looks like: ", TOLD[check.diagnosis.shown]))
    return notes


def told_once(checks: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """The same checks; where one shows the same mistake as a check before it, that is said in a word."""
    told: set[tuple[str, str]] = set()
    for check in checks:
        known = check.diagnosis
        if known and known.mutant and (known.mutant, known.says) in told:
            yield check.model_copy(update={"diagnosis": known.model_copy(update={"says": SAME_AGAIN, "hint": ""})})
        else:
            yield check
        if known:
            told.add((known.mutant, known.says))


def folded(check: CheckResult) -> bool:
    """Whether what is said of a check is said of many, so that one line for all of them is better."""
    return bool(check.file) or check.verdict == "missing"


def faults_of_files(checks: Iterable[CheckResult]) -> list[CheckResult]:
    """Of the checks that a file's fault ended, the first of each fault: what to read once, before all checks."""
    first: dict[tuple[str, str], CheckResult] = {}
    for check in checks:
        if check.file:
            first.setdefault((check.file, check.summary), check)
    return list(first.values())


@dataclass(frozen=True)
class Folded:
    """Several checks of one problem of which the same is said."""

    verdict: Verdict
    checks: tuple[CheckResult, ...]
    said: str
    hint: str

    @property
    def points(self) -> Fraction:
        return sum((check.points for check in self.checks), Fraction(0))

    @property
    def max_points(self) -> Fraction:
        return sum((check.max_points for check in self.checks), Fraction(0))


def folded_checks(checks: Sequence[CheckResult]) -> list[Folded | CheckResult]:
    """The checks of one problem that are `folded`: one line for what is not implemented, one for each other reason."""
    if len(checks) == 1 and not checks[0].file:
        return list(checks)
    lines: dict[tuple[Verdict, str, str], list[CheckResult]] = {}
    for check in checks:
        stub = not check.file and NOT_YET.fullmatch(check.summary)
        said = f"See {check.file} above." if check.file else "" if stub else check.summary
        lines.setdefault((check.verdict, said, "" if stub or check.file else check.hint), []).append(check)
    return [Folded(verdict, tuple(of), _together(said, of), hint) for (verdict, said, hint), of in lines.items()]


def _together(said: str, checks: Sequence[CheckResult]) -> str:
    count = "1 check" if len(checks) == 1 else f"{len(checks)} checks"
    places = [found["place"] or "" for check in checks if (found := NOT_YET.fullmatch(check.summary))]
    where = "; ".join(dict.fromkeys(place for place in places if place))
    stub = "No answer yet" if checks[0].summary.startswith("There is no answer") else "Not implemented yet"
    return f"{count}: {said or stub + (f' ({where})' if where else '') + '.'}"
