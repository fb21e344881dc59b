"""What decides how a known solution is graded: of each thing that could change a verdict, its digest or its version.

The framework's part is found by following imports from where grading begins, so a new module counts without a word.
Reports, commands and what makes handouts are behind that in the order of imports, and count only where grading needs
them. Of Python the code counts: comments and docstrings decide nothing.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

from grader.authoring.framework import PACKAGE, files_reached, needed_distributions
from grader.authoring.mutant import FOLDER, read_mutant
from grader.course.assignment import Assignment, digest_of, read_text
from grader.intake.wanted import Wanted
from grader.judge.calibration import code_digest
from grader.judge.keeping import keep, kept
from grader.proof.specimens import specimens
from grader.sandbox.processor import machine, pinned

# What grades, what checks import, and what makes mutants and alternatives of their files.
STARTS = ("grader.batch.class_run", "grader.judge", "grader.proof.specimens")
LEFT_OUT = ("grader.commands.live",)  # what `from grader import check` stands for in a notebook
OURSELVES = "learning-across-tasks"  # a distribution whose files are looked at one by one
DATA = (".toml", ".json", ".npz")  # beside .py, what a homework's checks may read
# What no grading reads. proofs.json is none of these: of a record that changed, a large sample is to be graded.
NOT_OF_GRADING = ("known.json", "pairs.toml", "equivalent.toml", "public.toml", "rubric.toml")
SECRET, ALTERNATIVES = "grading.toml", "alternatives"
PROCESSOR = "processor"
HANDED_OUT = "what notebooks and documents ask for"
VECTORS = ("avx512f", "avx2")  # PyTorch and MKL compute differently with and without them
CPUINFO = Path("/proc/cpuinfo")


def deciding(assignment: Assignment) -> dict[str, str]:
    """Name -> digest or version of everything that decides how the known solutions of a homework are graded."""
    framework, own = files_reached(STARTS, LEFT_OUT), _own(assignment)
    return {
        **{path.relative_to(PACKAGE.parent).as_posix(): _digest(path) for path in framework},
        **{place(assignment, path): _digest(path) for path in own},
        "which modules mutants and alternatives change": _changed_modules(assignment),
        **_versions(needed_distributions([*framework, *own]) - {OURSELVES}),
    }


def graded_with(assignment: Assignment) -> dict[str, str]:
    """Name -> digest or version of everything that a class's results follow from, but the secret and the submissions.

    Of a file every byte counts, because a result holds sentences and hints too. Of notebooks and documents that were
    handed out only that counts which reading a submission takes from them. Alternatives, and what was written down of
    known solutions, are for proofs.
    """
    own = [
        path
        for path in _own(assignment)
        if path.name not in (SECRET, "proofs.json") and path.parent.name != ALTERNATIVES
    ]
    framework, libraries = _reached(assignment, own)
    return {
        **{path.relative_to(PACKAGE.parent).as_posix(): digest_of(path) for path in framework},
        **{place(assignment, path): digest_of(path) for path in own},
        HANDED_OUT: _handed_out(assignment),
        **{f"weights {name}": digest for name, digest in assignment.preload_digests.items()},
        **_versions(libraries),
    }


def _handed_out(assignment: Assignment) -> str:
    wanted = Wanted.of(assignment)
    told = {each.name: _canonical(getattr(wanted, each.name)) for each in fields(wanted)}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: object) -> object:
    """As JSON has it. The order of a mapping is that of the handout, and counts; a set has none."""
    if isinstance(value, Mapping):
        return [[key, _canonical(each)] for key, each in value.items()]
    return sorted(value) if isinstance(value, AbstractSet) else value


def _reached(assignment: Assignment, own: Sequence[Path]) -> tuple[list[Path], set[str]]:
    """The framework's files and the libraries. Following imports takes most of a second, so what was found is kept for
    as long as no file of the whole framework, or of the homework, is another."""
    package = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    about = json.dumps([[str(path), digest_of(path)] for path in (*package, *own)])
    now, place = hashlib.sha256(about.encode()).hexdigest(), assignment.solution / ".cache" / "reached"
    then, names, libraries = json.loads(kept(place) or b'["", [], []]')
    if then == now:
        return [PACKAGE / name for name in names], set(libraries)
    framework = files_reached(STARTS, LEFT_OUT)
    found = needed_distributions([*framework, *own]) - {OURSELVES}
    names = [path.relative_to(PACKAGE).as_posix() for path in framework]
    keep(place, json.dumps([now, names, sorted(found)]).encode())
    return framework, found


def _versions(libraries: set[str]) -> dict[str, str]:
    return {
        **{f"version of {library}": version(library) for library in sorted(libraries)},
        "version of python": ".".join(platform.python_version_tuple()[:2]),
        PROCESSOR: kind_of_processor(),
    }


def place(assignment: Assignment, path: Path) -> str:
    """How a file of the course is called here: "solutions/hw0_multitask/multitask.py"."""
    return path.relative_to(assignment.folder.parents[1]).as_posix()


def _own(assignment: Assignment) -> list[Path]:
    """The homework's files that grading may read, wherever they lie. Texts, pictures and notebooks are none."""
    found = {*assignment.shared_files, assignment.solution.parent / SECRET}
    for folder in (assignment.folder, assignment.solution):
        for path in folder.rglob("*"):
            inside = path.relative_to(folder)
            hidden = any(part.startswith((".", "__")) for part in inside.parts)
            if path.suffix in (".py", *DATA) and not hidden and "restyled" not in inside.parts:
                found.add(path)
    return sorted(path for path in found if path.name not in NOT_OF_GRADING)


def _digest(path: Path) -> str:
    if path.suffix == ".py":
        return code_digest(read_text(path))
    return read_mutant(path).digest() if path.parent.name == FOLDER else digest_of(path)


def _changed_modules(assignment: Assignment) -> str:
    """An alternative may say in its docstring, which is no code, which module it changes."""
    known = specimens(assignment)
    reference = known[0].modules
    changed = {f"{each.kind} {each.name}": sorted(set(each.modules.items()) - set(reference.items())) for each in known}
    names = {name: [module for module, _ in modules] for name, modules in changed.items()}
    return hashlib.sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()[:16]


def kind_of_processor() -> str:
    """As far as verdicts may depend on it: "x86_64 GenuineIntel avx512f", and what the machine's owner has pinned.

    Coarser than what a kept number is tied to: machines of one kind differ in the last bit, on which nothing rests.
    """
    told = machine(CPUINFO)
    vectors = [each for each in VECTORS if each in told[2:]]
    pins = [f"{name}={value}" for name, value in sorted(pinned().items())]
    return " ".join([*filter(None, told[:2]), *vectors[:1], *pins])
