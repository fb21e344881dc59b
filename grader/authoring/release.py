"""The public course: the chosen homeworks, the part of the framework that students need, and how to start.

What is written here has not been compared with anything secret yet: see `leaks.py`.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tomllib
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.authoring.framework import PACKAGE, framework_files, needed_distributions, normal
from grader.authoring.page import page_name, page_of
from grader.course.assignment import Assignment, Course, read_text
from grader.errors import CourseError

TEMPLATES = Path(__file__).parent / "templates" / "release"
FILES = {
    "README.md": "README.md.jinja",
    "Makefile": "Makefile.jinja",
    "pyproject.toml": "pyproject.toml.jinja",
    "constraints.txt": "constraints.txt.jinja",
    ".gitignore": "gitignore.jinja",
}
# GitHub Classroom has one repository for each homework of a student, so that what holds several has no workflow.
OF_ONE = {".github/workflows/classroom.yml": "classroom.yml.jinja"}
EXTRAS = ("experiments", "notebook")
MODELS = "lm"  # the extra of a release with a homework that preloads models
# What running and editing a homework leaves behind. Anything else in its folder goes out, or stops the release.
DERIVED = ("__pycache__", ".ipynb_checkpoints", ".cache", ".pytest_cache", ".ruff_cache", ".mypy_cache", "results")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell
_NAME = re.compile(r"\s*([A-Za-z0-9._-]+)")


def write_release(course: Course, assignments: Sequence[Assignment], folder: Path) -> None:
    """Writes the public course into `folder`, which must not exist. Raises `CourseError`."""
    if not assignments:
        raise CourseError("There is no homework to release. Name one.")
    framework = framework_files()
    shared = sorted({place for assignment in assignments for place in assignment.shared_folders})
    folders = [*(assignment.folder for assignment in assignments), *shared]
    try:
        for path in framework:
            _copy(path, folder / PACKAGE.name / path.relative_to(PACKAGE))
        for given in folders:
            target = folder / "assignments" / given.name
            ignore = shutil.ignore_patterns(*DERIVED, *map(page_name, assignments))
            shutil.copytree(given, target, symlinks=True, ignore=ignore, copy_function=shutil.copyfile)
        _copy(course.folder / "course.toml", folder / "course.toml")
        _copy(PACKAGE.parent / "LICENSE", folder / "LICENSE")
    except OSError as error:
        raise CourseError(f"The release cannot be written: {error}.") from None
    sources = [*framework, *(path for given in folders for path in given.rglob("*.py"))]
    models = any(assignment.preload is not None for assignment in assignments)
    project = _project(needed_distributions(sources), (*EXTRAS, MODELS) if models else EXTRAS)
    made = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    made.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)  # texts and lists of texts are the same
    for name, template in (FILES | OF_ONE if len(assignments) == 1 else FILES).items():
        text = made.get_template(template).render(
            course=course,
            assignments=assignments,
            shared=[place.name for place in shared],
            example=assignments[0],
            models=[assignment.short for assignment in assignments if assignment.preload is not None],
            project=project,
        )
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for assignment in assignments:  # last, so that links lead to what is there
        target = folder / "assignments" / assignment.name
        (target / page_name(assignment)).write_text(page_of(assignment, target, target), encoding="utf-8")


def zipped(folder: Path, top: str) -> bytes:
    """The files of a folder as a zip, below a folder `top`. The same files make the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, wherever this runs
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return content.getvalue()


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


@dataclass(frozen=True)
class _Project:
    """What of pyproject.toml and constraints.txt students need."""

    build: tuple[str, ...]
    name: str
    version: str
    python: str
    dependencies: tuple[str, ...]
    extras: dict[str, list[str]]
    pins: tuple[str, ...]


def _project(needed: Collection[str], chosen: Sequence[str]) -> _Project:
    ours = tomllib.loads(read_text(PACKAGE.parent / "pyproject.toml"))
    project = ours["project"]
    dependencies = tuple(item for item in project["dependencies"] if _distribution(item) in needed)
    extras = {name: project["optional-dependencies"][name] for name in chosen}
    installed = {_distribution(item) for items in (dependencies, *extras.values()) for item in items}
    lines = read_text(PACKAGE.parent / "constraints.txt").splitlines()
    pins = tuple(line for line in lines if _distribution(line) in installed)
    return _Project(
        tuple(ours["build-system"]["requires"]),
        project["name"],
        project["version"],
        project["requires-python"],
        dependencies,
        extras,
        pins,
    )


def _distribution(requirement: str) -> str:
    """The name in a line such as "torch>=2.4"; "" for a comment."""
    found = _NAME.match(requirement)
    return normal(found[1]) if found else ""
