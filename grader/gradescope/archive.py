"""The files of a homework's autograder archive: the same grader, the checks, and as little of the solution as works.

In it are the reference's modules, the hidden checks and the course's seed, because the reference answers on the
platform's own processor, stands in for problems that went wrong, and shows whose fault a broken check is. Everything
else of `solutions/` stays away: known wrong solutions (what they look like is in it, as data), alternatives, model
answers and rubrics, proofs, and all of other homeworks.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from grader.authoring.framework import PACKAGE, files_reached, needed_distributions
from grader.authoring.release import DERIVED, EPOCH
from grader.course.assignment import Assignment, Course, read_text
from grader.errors import CourseError
from grader.gradescope.findings import packed
from grader.gradescope.results_json import About, nothing_yet, text_of
from grader.gradescope.settings import NAME, Settings
from grader.judge.calibration import NAME as CALIBRATION
from grader.judge.calibration import depends, read_calibration
from grader.judge.specimen import Specimen

STARTS = ("grader.gradescope.run", "grader.judge", "grader.judge.plugin")
LEFT_OUT = ("grader.staff", "grader.commands.live")
SCRIPTS = ("setup.sh", "run_autograder")
OURSELVES = "learning-across-tasks"
ALTERNATIVES = "alternatives/"  # of what the bounds depend on, what the archive does not hold
DATA = (".py", ".toml", ".json", ".npz")
NOT_OF_RUNNING = ("README.md", "experiment.py", "notebook.py")  # of a homework's folder


def archive_files(
    course: Course, assignment: Assignment, settings: Settings, wrongs: Sequence[tuple[Specimen, bytes]]
) -> dict[str, bytes]:
    """Every file of the archive, by its name there. Raises `CourseError` where one of ours cannot be read."""
    framework = files_reached(STARTS, LEFT_OUT)
    public, secret = dict(_public(course)), dict(_secret(assignment))
    about = About(assignment.short, assignment.title, settings.hidden_checks)
    own = [assignment.folder, assignment.solution / "checks", *assignment.shared_folders]
    read = [path for folder in own for path in folder.rglob("*.py") if path.name not in NOT_OF_RUNNING]
    libraries = needed_distributions([*framework, *read, *assignment.solution.glob("*.py")]) - {OURSELVES}
    weights = assignment.preload.weights if assignment.preload else ()
    trial = {"trial": b"Building the image grades the reference.\n"} if settings.trial else {}
    return {
        **{script: (Path(__file__).parent / "scripts" / script).read_bytes() for script in SCRIPTS},
        **{path.relative_to(PACKAGE.parent).as_posix(): path.read_bytes() for path in framework},
        **{name: path.read_bytes() for name, path in {**public, **secret}.items()},
        **_bounds(assignment),
        **packed(wrongs),
        **trial,
        **_metadata_of_ours(),
        NAME: settings.model_dump_json(indent=1).encode(),
        "begun.json": text_of(nothing_yet(about, "begun")).encode(),
        "requirements.txt": _lines(sorted(libraries)),
        "weights.txt": _lines(dict.fromkeys(each.requirement for each in weights)),
        "constraints.txt": read_text(PACKAGE.parent / "constraints.txt").encode(),
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The archive: the platform's scripts at its root, executable. The same files make the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in SCRIPTS else 0o100644) << 16
            archive.writestr(entry, files[name])
    return content.getvalue()


def _public(course: Course) -> Iterator[tuple[str, Path]]:
    """What students have anyway, of all homeworks: a submission is read with an eye on what was handed out."""
    yield "course.toml", course.folder / "course.toml"
    for path in sorted((course.folder / "assignments").rglob("*")):
        inside = path.relative_to(course.folder)
        if path.is_file() and not {*DERIVED} & {*inside.parts} and path.suffix not in (".png", ".html", ".pyc"):
            yield inside.as_posix(), path


def _secret(assignment: Assignment) -> Iterator[tuple[str, Path]]:
    """What of `solutions/` grading cannot do without."""
    solution, course = assignment.solution, assignment.solution.parents[1]
    checks = [path for path in sorted((solution / "checks").rglob("*")) if path.suffix in DATA]
    named = "\n".join(read_text(path) for path in checks if path.suffix == ".py")
    beside = [path for path in sorted(solution.iterdir()) if path.suffix in DATA and f'"{path.name}"' in named]
    modules = [solution / name for name in assignment.modules if (solution / name).is_file()]
    documents = [solution / assignment.document] if assignment.document and not modules else []
    for path in [*checks, *beside, *modules, *documents, solution.parent / "grading.toml"]:
        yield path.relative_to(course).as_posix(), path


def _bounds(assignment: Assignment) -> dict[str, bytes]:
    """The bounds of calibrated checks, without the evidence, which names known mistakes and other right solutions."""
    if not (assignment.solution / CALIBRATION).is_file():
        return {}
    found, now = read_calibration(assignment), depends(assignment)
    others = {name for name in {*now, *found.depends} if name.startswith(ALTERNATIVES)}
    if stale := sorted(name for name in others if now.get(name) != found.depends.get(name)):
        raise CourseError(
            f"{assignment.solution / CALIBRATION}: is stale: {', '.join(stale)} changed since the bounds were set. "
            f"Run: make calibrate HW={assignment.short}"
        )
    bare: dict[str, object] = {"fits": (), "baseline": (), "right": {}, "wrong": {}}
    checks = {
        name: check.model_copy(
            update={
                "metrics": {metric: each.model_copy(update=bare) for metric, each in check.metrics.items()},
                "caught": {},
                "like_the_reference": (),
                "not_measured": {},
            }
        )
        for name, check in found.checks.items()
    }
    left = {name: digest for name, digest in found.depends.items() if name not in others}
    kept = found.model_copy(update={"checks": checks, "depends": left, "mutants": {}})
    name = (assignment.solution / CALIBRATION).relative_to(assignment.solution.parents[1]).as_posix()
    return {name: kept.model_dump_json(indent=1).encode()}


def _metadata_of_ours() -> dict[str, bytes]:
    """The framework lies there as files: this tells its version to whoever asks."""
    ours = version(OURSELVES)
    text = f"Metadata-Version: 2.1\nName: {OURSELVES}\nVersion: {ours}\n"
    return {f"{OURSELVES.replace('-', '_')}-{ours}.dist-info/METADATA": text.encode()}


def _lines(texts: Sequence[str] | Mapping[str, None] | list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()
