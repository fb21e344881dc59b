"""A class whose right grades are known: what `make grade` shows when no submissions are given."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment, read_text
from grader.course.document import filled_in, written_in
from grader.course.points import decimal
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.proof.specimens import specimens

FULL, NOTHING = "full marks", "0"

# Put in front of each module of the reference: code that runs when it is imported, and what that should come to.
HOSTILE = {
    "hostile_exits_at_import": ("import os\nos._exit(0)\n", NOTHING),
    "hostile_never_returns": ("while True:\n    pass\n", NOTHING),
    "hostile_eats_memory": ("hoard = []\nwhile True:\n    hoard.append(bytearray(50_000_000))\n", NOTHING),
    "hostile_floods_the_output": ("for _ in range(20_000):\n    print('passed ' * 100)\n", FULL),
    "hostile_fork_bomb": (
        "import os\nfor _ in range(1000):\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
        FULL,
    ),
    "hostile_wants_the_solutions": (
        "import glob\n\nif glob.glob('/**/solutions', recursive=True):\n    raise SystemExit\n",
        FULL,
    ),
    "hostile_patches_the_comparison": (
        "import numpy\nimport torch\nnumpy.allclose = torch.allclose = lambda *a, **k: True\nraise SystemExit(0)\n",
        NOTHING,
    ),
}


# What every answer of a document says, and what that should come to.
HOSTILE_ANSWERS = {
    "hostile_tower": "9^{9^{9^{9^9}}}",
    "hostile_brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "hostile_factorial": "1000000!",
    "hostile_attribute": "().__class__.__mro__[1].__subclasses__()",
    "hostile_macro": r"\def\x{\x\x}\x",
    "hostile_null_byte": "\x00",
}


@dataclass(frozen=True)
class Expected:
    """What a demonstration submission should come to."""

    text: str
    problem: str = ""  # of a mutant: where it loses points


def write_demonstration(assignment: Assignment, folder: Path) -> dict[str, Expected]:
    """Writes the class into `folder`, in every form that intake knows, and says what each should come to.

    What was in `folder` before is removed.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    known = specimens(assignment)
    expected = {}
    for i, specimen in enumerate(known):
        name = specimen.name if specimen.kind != "mutant" else f"wrong_{specimen.name}"
        _write(assignment, folder, name, specimen.modules, form=i)
        expected[name] = _expected(specimen)
    reference = known[0].modules
    for name, (modules, outcome) in _hostile(assignment, reference).items():
        _write(assignment, folder, name, modules, form=0)
        expected[name] = Expected(outcome)
    for name, content in broken_files(assignment).items():
        (folder / name).write_bytes(content)
        expected[Path(name).stem] = Expected("invalid")
    (folder / "broken_empty_folder").mkdir()
    expected["broken_empty_folder"] = Expected("invalid")
    return expected


def broken_files(assignment: Assignment) -> dict[str, bytes]:
    """Files that cannot be read, one per way."""
    module = assignment.handed_in[0]
    slip = io.BytesIO()
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr(f"../../{module}", "print('slipped')\n")
    return {
        "broken_syntax.py": b"def total_loss(losses, weights=None:\n    return sum(losses)\n",
        "broken_null_bytes.py": b"x = 1\n\0\0\0\n",
        "broken_utf16.py": "x = 'saved by an editor'\n".encode("utf-16")[:-1],  # cut off within a letter
        "broken_truncated.zip": slip.getvalue()[:40],
        "broken_slip.zip": slip.getvalue(),
    }


def expectations(expected: dict[str, Expected], results: Sequence[Result]) -> tuple[dict[str, str], dict[str, str]]:
    """What was expected of each result, and where a result is not that: what it is instead."""
    wrong = {}
    for result in results:
        wanted = expected.get(result.submission)
        lost = {p.id for p in result.problems if p.points is not None and p.points != p.max_points}
        blocked = {c.problem for c in result.checks if c.verdict == "blocked"}
        points = f"{decimal(result.points)} of {decimal(result.max_points)}"
        came = f"{result.verdict}, {points}, lost on {', '.join(sorted(lost)) or 'none'}"
        if wanted is None:
            good = False
        elif wanted.problem:
            good = wanted.problem in lost and lost <= {wanted.problem} | blocked
        elif wanted.text == "invalid":
            good = result.verdict == "invalid" and result.points == 0
        else:
            good = not lost if wanted.text == FULL else result.points == 0 and result.verdict != "grader_error"
        if not good:
            wrong[result.submission] = came
    missing = {name: "there is no result" for name in expected if name not in {result.submission for result in results}}
    return {name: item.text for name, item in expected.items()}, {**wrong, **missing}


def _expected(specimen: Specimen) -> Expected:
    if specimen.kind == "mutant":
        return Expected(f"loses on {specimen.problem}", specimen.problem)
    return Expected(NOTHING if specimen.kind == "stub" else FULL)


def _hostile(assignment: Assignment, reference: Mapping[str, str]) -> dict[str, tuple[dict[str, str], str]]:
    """Submissions by name: what their modules are, and what they should come to."""
    if assignment.document:
        names = [each.name for each in written_in(read_text(assignment.folder / assignment.document))]
        return {
            name: ({module: "\n".join(f"def {each}():\n    return {text!a}" for each in names)}, NOTHING)
            for name, text in HOSTILE_ANSWERS.items()
            for module in reference
        }
    return {
        name: ({module: _in_front(attack, text) for module, text in reference.items()}, outcome)
        for name, (attack, outcome) in HOSTILE.items()
    }


def _in_front(attack: str, source: str) -> str:
    future = "from __future__ import annotations\n"
    return source.replace(future, future + attack, 1) if future in source else attack + source


def _write(assignment: Assignment, folder: Path, name: str, modules: Mapping[str, str], form: int) -> None:
    """One submission, as a folder, a zip, a tar or (if it is one module) a bare file, in turn."""
    files = {f"{module}.py": text.encode() for module, text in modules.items()}
    if assignment.document:
        (text,) = modules.values()
        handed_out = read_text(assignment.folder / assignment.document)
        files = {assignment.document: filled_in(handed_out, text).encode()}
    if form % 4 == 1:
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            for file, content in files.items():
                archive.writestr(f"{name}/{file}", content)
    elif form % 4 == 2:
        with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as tar:
            for file, content in files.items():
                entry = tarfile.TarInfo(file)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    elif form % 4 == 3 and len(files) == 1:
        (folder / f"{name}{Path(*files).suffix}").write_bytes(*files.values())
    else:
        (folder / name).mkdir()
        for file, content in files.items():
            (folder / name / file).write_bytes(content)
