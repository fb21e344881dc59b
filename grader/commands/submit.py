"""`submit`: check the work, pack it into the one file that is handed in, and read that as the grader will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from grader.commands.away import away
from grader.commands.by_hand import files_by_hand
from grader.commands.check import practice_host
from grader.commands.package import earlier_hand_in, packed, size, without_bulk, write
from grader.course.assignment import Assignment
from grader.course.document import ENDS, filled_in
from grader.errors import GraderError
from grader.intake import BESIDE, Submission, Wanted, read_submission
from grader.intake.beside import unpacked_work
from grader.intake.names import ARCHIVE_SUFFIXES, listed, shown
from grader.sandbox.models import absence_of
from grader.sandbox.replies import Reply
from grader.sandbox.spawned import SpawnedHost

if TYPE_CHECKING:
    from rich.console import Console

    from grader.judge.left_out import LeftOut
    from grader.judge.result import Result


def hand_in(
    assignment: Assignment, where: Path, zip_path: Path, *, anyway: bool = False, console: Console | None = None
) -> bool:
    """Packs the work in the folder `where` into `zip_path`, with the files graded by hand beside it.

    Says first what is missing, what the public checks find, and whether the code can be imported at all: if not,
    nothing is written unless `anyway`. Failed checks never stop a hand-in. True when the file was written and read
    back. Raises `GraderError` when it cannot be written, or when what was read back is not what was packed.
    """
    replaces = earlier_hand_in(zip_path, assignment.name)
    if where.is_file() and where.name.lower().endswith(ARCHIVE_SUFFIXES):
        raise GraderError(f"{where} is packed already. Name the folder in which you work.")
    wanted = Wanted.of(assignment)
    submission = read_submission(where, wanted)
    host = practice_host(assignment, submission)
    try:
        from grader.report.terminal import wide_console  # while the worker imports PyTorch

        console = console or wide_console()
        console.file = console.file  # pinned to the terminal, while pytest's own output is put aside
        say = _Say(console)
        say.line(f"{assignment.name}, {assignment.title}", "bold")
        if submission.refusal is not None:
            say.line(f"Your work cannot be read: {submission.refusal}", "red")
            say.title("Nothing was written.")
            return False
        work = _work(submission, where, wanted, assignment)
        away_from_here = away(assignment, submission, where if where.is_dir() else where.parent)
        say.work(submission, list(work), away_from_here)
        if where.is_dir() and (beside := unpacked_work(where, wanted, submission.modules)):
            say.gap(f"Not packed, though it looks like work on this homework: {listed(beside, 5)}.")
        by_hand = files_by_hand(assignment.hand_in, where if where.is_dir() else where.parent)
        contents = {**by_hand.files, **work}
        data = packed(contents, assignment.name)
        imported = host.load()
        if imported.outcome in ("returned", "missing_name") and not imported.failed:
            say.checks(assignment, *_practice(assignment, submission, host))
        else:
            say.not_imported(assignment, submission, imported)
            if not anyway:
                say.title("Nothing was written, because this could not be graded. Mend it, then run this again.")
                say.line(f"To hand it in as it is all the same: make submit HW={assignment.short} ARGS=--anyway")
                return False
    finally:
        host.close()
    if by_hand.remarks:
        say.title("Graded by hand")
        for remark in by_hand.remarks:
            say.gap(remark)
    write(zip_path, data, accepted=lambda draft: _same(draft, wanted, submission))
    say.written(zip_path, len(data), contents, replaces)
    return True


def _work(submission: Submission, where: Path, wanted: Wanted, assignment: Assignment) -> dict[str, bytes]:
    """The file or files that count: name -> content."""
    if submission.view == "notebook":
        called = next((place.file for of_module in submission.places.values() for place in of_module), wanted.notebook)
        inside = [path for path in where.rglob("*") if shown(path.name) == called]
        for path in [where] if where.is_file() else sorted(inside, key=lambda path: len(path.parts))[:1]:
            return {wanted.notebook: without_bulk(path.read_bytes())}
    if wanted.document:
        return {wanted.modules[0]: _document(submission, where, wanted, assignment)}
    there = {module: text for module, text in submission.modules.items() if module not in submission.absent}
    return {f"{module}.py": text.encode() for module, text in there.items()}


def _document(submission: Submission, where: Path, wanted: Wanted, assignment: Assignment) -> bytes:
    """The file that the intake took as the document: it may have another name, or lie deeper.

    Out of an archive, its answers are written into what was handed out.
    """
    files = [where] if where.is_file() else sorted(where.rglob("*"), key=lambda path: len(path.parts))
    for path in [path for path in files if path.suffix.lower() in (*ENDS, ".txt") and path.is_file()]:
        if read_submission(path, wanted).fingerprint == submission.fingerprint:
            return path.read_bytes()
    handed_out = (assignment.folder / assignment.document).read_text(encoding="utf-8")
    return filled_in(handed_out, *submission.modules.values()).encode()


def _practice(assignment: Assignment, submission: Submission, host: SpawnedHost) -> tuple[Result, LeftOut]:
    from grader.commands.public_checks import run_public_checks
    from grader.judge import engine

    return run_public_checks(
        assignment,
        submission,
        lambda modules: host,
        engine.recorded(assignment),
        confinement="none: practice mode",
        absence=absence_of(assignment),
    )


def _same(draft: Path, wanted: Wanted, submission: Submission) -> bool:
    return read_submission(draft, wanted).fingerprint == submission.fingerprint


class _Say:
    """What the student reads. Counts what is still to be done, to say so again at the end."""

    def __init__(self, console: Console) -> None:
        self.console, self.gaps = console, 0

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        for row in Text(text, style=style).wrap(self.console, self.console.width - indent):
            row.rstrip()
            self.console.print(Text(" " * indent).append_text(row))

    def title(self, text: str, style: str = "bold") -> None:
        self.console.print()
        self.line(text, style)

    def gap(self, text: str, indent: int = 2) -> None:
        self.gaps += 1
        self.line(text, "yellow", indent)

    def work(self, submission: Submission, files: list[str], warnings: list[str]) -> None:
        """What counts, what the intake has to say about it, and what may fail where it is graded."""
        self.line(f"What counts: {', '.join(files)}")
        for note in submission.notes:
            if note in submission.absent.values():
                self.gap(note)
            elif not note.startswith(BESIDE):
                self.line(note, "yellow", indent=2)
        for warning in warnings:
            self.gap(warning)

    def checks(self, assignment: Assignment, result: Result, left_out: LeftOut) -> None:
        """A line a problem; below it what is missing, or else the first thing to look at."""
        self.title("Public checks")
        for problem in assignment.problems:
            if problem.kind != "code":
                continue
            of_problem = [check for check in result.checks if check.problem == problem.id]
            failed = [check for check in of_problem if check.verdict != "passed"]
            count = f"{len(of_problem) - len(failed)} of {len(of_problem)} pass" if of_problem else "there are none"
            if not_put := left_out.of_problem(problem.id):
                count = f"{count}, {not_put} left out" if of_problem else f"{not_put} left out"
            style = "green" if of_problem and not failed else ""
            self.line(f"{problem.id}  {problem.title}: {count}", style, indent=2)
            if missing := dict.fromkeys(check.summary for check in failed if check.verdict == "missing"):
                self.gap(f"missing: {_in_one_line(missing)}", indent=5)
            for check in [check for check in failed if check.verdict != "missing"][:1]:
                self.line(f"{check.verdict}: {check.asked} {check.summary}", indent=5)
        if left_out:
            self.line(str(left_out), "yellow", indent=2)

    def not_imported(self, assignment: Assignment, submission: Submission, imported: Reply) -> None:
        """Why Python cannot import the work."""
        from grader.judge.fault import fault
        from grader.judge.quote import Quotes

        quotes = Quotes.of(submission, assignment.probes)
        some = len(imported.failed) < len(submission.modules) and imported.failed
        what = "A part of your code" if some else "Your code"
        self.title(f"{what} cannot be imported, so that no check can be put to it", "bold red")
        of_files = [replace(reply, importing=True, module=name) for name, reply in imported.failed.items()]
        for reply in of_files or [replace(imported, importing=True)]:
            ended = fault(reply, "the import", quotes)
            self.line(ended.summary, indent=2)
            if reply.raised is not None and reply.outcome in ("raised", "bad_signature", "missing_name"):
                self.line(f"{reply.raised.type}: {reply.raised.message}", indent=2)
            if ended.hint:
                self.line(f"try: {ended.hint}", indent=2)

    def written(self, path: Path, count: int, contents: Mapping[str, bytes], replaces: bool) -> None:
        again = " in place of your earlier one" if replaces else ""
        self.title(f"Wrote {path} ({size(count)}){again}. Read back as the grader reads it, it holds", "bold green")
        for name in sorted(contents):
            self.line(f"{name} ({size(len(contents[name]))})", indent=2)
        if self.gaps:
            what = "the gap" if self.gaps == 1 else f"the {self.gaps} gaps"
            self.line(f"Before you hand it in, look at {what} named above; you can run this again after a change.")
        self.line(f"Next: hand in {path.name} where your course collects homework.")


def _in_one_line(summaries: Iterable[str]) -> str:
    """Several reasons why something is missing, without the student's own lines in them."""
    from grader.report.saying import NOT_YET

    found = {summary: NOT_YET.fullmatch(summary) for summary in summaries}
    places = "; ".join(match["place"] for match in found.values() if match and match["place"])
    stubs = [f"not implemented yet{f' ({places})' if places else ''}."] if any(found.values()) else []
    return " ".join([*stubs, *(summary for summary, match in found.items() if not match)])
