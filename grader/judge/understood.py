"""How the answers of a document were understood: what practice shows of them, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.course.assignment import Assignment, read_text
from grader.course.document import written_in
from grader.sandbox.replies import Host

PROBE, DECLARED = "reading", "declared.toml"


@dataclass(frozen=True)
class Understood:
    """One answer as it was read: in plain spelling, and as LaTeX. `notes` say what might have been meant otherwise."""

    name: str
    problem: str
    plain: str
    latex: str
    notes: tuple[str, ...]


def understood(assignment: Assignment, host: Host, only: frozenset[str]) -> list[Understood]:
    """Every answer that could be read, in the order of what was handed out. `only` are problems; all if empty.

    The homework's probe `reading` is asked; answers that it cannot read are left to the public checks.
    """
    declared = read_text(assignment.folder / DECLARED)
    found = []
    for each in written_in(read_text(assignment.folder / assignment.document), _names(assignment)):
        if only and each.problem not in only:
            continue
        reply = host.call(PROBE, {"answer": each.name, "declared": declared}, 0)
        said: dict[str, Any] = reply.value if reply.outcome == "returned" else {}
        if said.get("plain"):
            notes = tuple(map(str, said["notes"]))
            found.append(Understood(each.name, each.problem, str(said["plain"]), str(said["latex"]), notes))
    return found


def _names(assignment: Assignment) -> list[str]:
    (module,) = assignment.sources(assignment.folder).values()
    return [line[4:].split("(")[0] for line in module.splitlines() if line.startswith("def ")]
