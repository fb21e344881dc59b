"""What is said of a check, whatever it is shown on: the lines below its sentence, each with a label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from grader.judge.result import CheckResult

Kind = Literal["summary", "diagnosis", "got", "expected", "try", "detail", "printed", "warned", "staff", "given"]
LOOKS_LIKE, DIFFERS = "this looks like: ", "what differs: "
GIVEN = "Judged with the course's own {} in place of yours: mistakes there cost nothing here."
GIVEN_IN_VAIN = "With the course's own {} in place of yours, it did not run either."
TOLD = {"after_due": "after the due date", "staff": "never"}
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
