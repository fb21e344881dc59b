"""What a TA should know of a submission besides its points."""

from __future__ import annotations

from grader.judge.result import Result
from grader.report.files import NOT_GRADED

FACT = "handed in "  # by whom, or late: what a platform says, and is in class.csv for whoever wants it


def remark(result: Result) -> str:
    """Everything that a TA should know, in one text; empty for most submissions."""
    facts = [each for each in result.remarks if each.startswith(FACT)]
    return "; ".join([*to_look_at(result), *of_files(result), *facts])


def of_files(result: Result) -> list[str]:
    """Why a whole file could not be imported, which costs many points at once; the class's table shows it as it is."""
    return [] if result.refusal else list(dict.fromkeys(check.summary for check in result.checks if check.file))


def to_look_at(result: Result) -> list[str]:
    """What somebody should act on: why it was not read or graded, which attempt counts, what was not taken."""
    found = [result.refusal] if result.refusal else []
    if result.verdict == "grader_error" and not found:
        found.append(f"not graded, by a mistake of ours: see {NOT_GRADED}/{result.submission}.json")
    return [*found, *(each for each in result.remarks if not each.startswith(FACT))]
