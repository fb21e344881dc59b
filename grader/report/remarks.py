"""What a TA should know of a submission besides its points."""

from __future__ import annotations

from grader.intake import BESIDE
from grader.judge.result import Result
from grader.report.files import NOT_GRADED

# Of what was noticed while a submission was read: what every other one has, and nobody need act on. Anything else may
# be work that was not taken, so it is told.
QUIET = (
    " was taken as ",
    " was found in the folder ",
    " in spite of its name, and was read as one",
    " holds a notebook, and was read as one",
    " of the notebook format; it was converted to version ",
    ": the byte order mark at its beginning was removed",
    " says the same thing twice in one place (",
    " is as it was handed out, so ",
    " are as they were handed out",
    " hold the same",
)
FACT = "handed in "  # by whom, or late: what a platform says, and is in class.csv for whoever wants it


def remark(result: Result) -> str:
    """Everything that a TA should know, in one text; empty for most submissions."""
    return "; ".join([*to_look_at(result), *(each for each in result.remarks if each.startswith(FACT))])


def to_look_at(result: Result) -> list[str]:
    """What somebody should act on: why it was not read or graded, which attempt counts, what was not taken."""
    found = [result.problem] if result.problem else []
    if result.verdict == "grader_error" and not found:
        found.append(f"not graded, by a mistake of ours: see {NOT_GRADED}/{result.submission}.json")
    loud = [note for note in result.notes if not note.startswith(BESIDE) and not any(part in note for part in QUIET)]
    return [*found, *(each for each in result.remarks if not each.startswith(FACT)), *loud]
