"""What one student of a platform's download handed in: which attempt counts, and which of its files are the work.

The latest attempt that holds code counts: who uploads a forgotten figure afterwards has not taken the code back. Of
files of one name the one that was uploaded last counts. Where the times of attempts cannot be read, each is graded.
Attempts before the one that counts are kept for when it turns out, as it is read, that nobody can read it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.intake import names
from grader.intake.entry import Asked, Entry, PassedOver, is_archive
from grader.intake.names import shown
from grader.intake.platforms import Label, renamed
from grader.intake.tree import Kind

DEPTH, MOST = 4, 2000  # how far a folder is looked into for the name of a file with code
NO_CODE = "no code in it, and another upload of this student is graded"
EARLIER = "an earlier attempt: a later one counts"


@dataclass(frozen=True)
class Upload:
    """One thing in a download, and what its name says."""

    path: Path
    kind: Kind
    label: Label


Outcome = tuple[list[Entry], list[PassedOver]]


def of_student(uploads: Sequence[Upload], asked: Asked) -> Outcome:
    """The entries of one student, one unless it cannot be told what counts, and the files that are passed over."""
    attempts: dict[str, list[Upload]] = {}
    for upload in uploads:
        attempts.setdefault(upload.label.when, []).append(upload)
    if len(attempts) == 1:
        return _of_attempt(uploads, asked, ())
    if any(upload.label.order is None for upload in uploads):
        return _of_attempts_in_no_order(attempts, asked)
    ordered = sorted(attempts, key=lambda when: attempts[when][0].label.order or ())
    with_code = [when for when in ordered if any(_holds_code(upload, asked) for upload in attempts[when])]
    counts = with_code[-1] if with_code else ordered[-1]
    place = ordered.index(counts)
    said = f"{len(attempts)} attempts: the latest{' with code' if place + 1 < len(ordered) else ''} counts, {counts}"
    entries, passed = _of_attempt(attempts[counts], asked, (said,))
    before = [_of_attempt(attempts[when], asked, ())[0] for when in reversed(with_code) if when != counts]
    if len(entries) == 1:
        entries = [replace(entries[0], earlier=tuple(found[0] for found in before if len(found) == 1))]
    who = uploads[0].label.who
    for i, when in enumerate(ordered):
        why = EARLIER if i < place else NO_CODE
        passed += [PassedOver(each.path.name, why, who) for each in attempts[when] if when != counts]
    return entries, passed


def _of_attempts_in_no_order(attempts: dict[str, list[Upload]], asked: Asked) -> Outcome:
    entries, passed = list[Entry](), list[PassedOver]()
    said = f"{len(attempts)} attempts, whose times cannot be read: each was graded. Keep the row that counts"
    for when, uploads in attempts.items():
        found, others = _of_attempt(uploads, asked, (said,))
        entries += [replace(entry, name=names.safe_name(f"{uploads[0].label.who} {when}")) for entry in found]
        passed += others
    return entries, passed


def _of_attempt(uploads: Sequence[Upload], asked: Asked, remarks: tuple[str, ...]) -> Outcome:
    """One attempt: a folder, an archive, or loose files that belong together."""
    label = uploads[0].label
    who = names.safe_name(label.who)
    if any(upload.label.late for upload in uploads):
        remarks = (*remarks, f"handed in late, says {label.platform}")
    code = [upload for upload in uploads if _holds_code(upload, asked)]
    folders = [upload for upload in uploads if upload.kind is Kind.FOLDER]
    if not code:
        return _without_code(uploads, who, remarks)
    others = [PassedOver(upload.path.name, _why(upload, asked), who) for upload in uploads if upload not in code]
    if len(code) == 1 and (code[0] in folders or not asked.named(_own(code[0], asked))):
        return [Entry(who, code[0].path, remarks=remarks)], others
    if any(upload in folders for upload in code):
        listed = names.listed([upload.path.name for upload in code], 5)
        said = f"{listed} are of one student: each was graded. Keep the row that counts"
        return [Entry(who, upload.path, remarks=(*remarks, said)) for upload in code], others
    latest, older, said_too = _latest(code, asked)
    remarks += said_too
    others += [PassedOver(upload.path.name, "an earlier upload of the same file", who) for upload in older]
    if len(latest) == 1 and not asked.named(next(iter(latest))):
        before = tuple(Entry(who, upload.path) for upload in reversed(older))
        return [Entry(who, next(iter(latest.values())).path, remarks=remarks, earlier=before)], others
    if all(is_archive(name) for name in latest):
        refusal = (
            f"{names.listed(sorted(latest), 5)}: it is not clear which archive counts. "
            "Keep the one that counts, and remove the rest."
        )
        return [Entry(who, code[0].path, refusal, remarks=remarks)], others
    files = {name: str(upload.path) for name, upload in latest.items()}
    return [Entry(who, next(iter(latest.values())).path, files=files, remarks=remarks)], others


def _without_code(uploads: Sequence[Upload], who: str, remarks: tuple[str, ...]) -> Outcome:
    """Nothing of an attempt can be graded: it has a row all the same, because it may be all that there is."""
    if len(uploads) == 1 and uploads[0].kind is Kind.FOLDER:
        return [Entry(who, uploads[0].path, remarks=remarks)], []
    written = [upload for upload in uploads if upload.label.own]
    listed = names.listed(sorted(upload.path.name for upload in uploads), 5)
    typed = f" {written[0].label.platform} keeps there what a student typed into its form." if written else ""
    refusal = f"no module, notebook or archive was handed in, only {listed}.{typed}"
    return [Entry(who, uploads[0].path, refusal, remarks=remarks)], []


def _latest(code: Sequence[Upload], asked: Asked) -> tuple[dict[str, Upload], list[Upload], tuple[str, ...]]:
    """The files that count by the student's own names, those that were uploaded again later, and what to say of it."""
    latest: dict[str, Upload] = {}
    older, remarks = list[Upload](), list[str]()
    present = {names.folded(upload.label.file) for upload in code}
    for upload in sorted(code, key=lambda upload: upload.label.upload):
        name = _own(upload, asked, present)
        if name in latest:
            older.append(latest[name])
        latest[name] = upload
    for name, upload in latest.items():
        before = [each.path.name for each in older if _own(each, asked, present) == name]
        if before:
            remarks.append(
                f"{len(before) + 1} uploads of {shown(name)}: the latest counts, {shown(upload.path.name)}; "
                f"not {names.listed(before, 3)}"
            )
    return latest, older, tuple(remarks)


def _own(upload: Upload, asked: Asked, present: frozenset[str] | set[str] = frozenset()) -> str:
    """The student's own name of a file, without the number that Canvas adds when it is uploaded again."""
    file = upload.label.file or upload.path.name
    plain = renamed(file)
    if upload.label.platform == "Canvas" and (asked.named(plain) or names.folded(plain) in present):
        return plain
    return file


def _why(upload: Upload, asked: Asked) -> str:
    if upload.label.own:
        return f"{upload.label.platform}'s own text about an upload"
    return "graded by hand" if asked.is_by_hand(_own(upload, asked)) else NO_CODE


def _holds_code(upload: Upload, asked: Asked) -> bool:
    if upload.kind is Kind.FOLDER:
        return holds_code(upload.path, asked)
    return not upload.label.own and asked.is_work(upload.label.file or upload.path.name)


def holds_code(folder: Path, asked: Asked) -> bool:
    """Whether a folder has a file that may hold code, by names alone; true where that cannot be seen."""
    seen, level = 0, [folder]
    for _ in range(DEPTH):
        below = []
        for place in level:
            try:
                with os.scandir(place) as found:
                    for item in found:
                        seen += 1
                        if seen > MOST:
                            return True
                        if names.is_skipped(item.name):
                            continue
                        if item.is_dir(follow_symlinks=False):
                            below.append(Path(item.path))
                        elif asked.is_work(item.name):
                            return True
            except OSError:
                return True
        level = below
    return bool(level)
