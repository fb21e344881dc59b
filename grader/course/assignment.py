"""What an assignment is: `assignments/<name>/assignment.toml` and the files beside it."""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from grader.course.document import module_of
from grader.course.points import Points
from grader.course.preload import Preload, Weights
from grader.course.secret import CourseSecret
from grader.errors import CourseError

Strict = ConfigDict(extra="forbid", frozen=True)
Model = TypeVar("Model", bound=BaseModel)
ModuleName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*\.py$")]
DocumentName = Annotated[str, Field(pattern=r"^([a-z_][a-z0-9_]*\.md)?$")]
FolderName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")]
DESCRIPTION = "assignment.toml"
SHARED_DATA = ("npz", "tsv", "json")  # beside modules, what a shared folder may hold that decides an answer
TAKEN = {"probes", "numpy", "torch", "grader"} | sys.stdlib_module_names  # no names for a module to preload


class Problem(BaseModel):
    """One problem of a homework. Checks add up to the points of a `code` problem; the others are graded by hand."""

    model_config = Strict
    id: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    kind: Literal["code", "experiment", "written"]
    points: Annotated[Points, Field(ge=0)]


class Assignment(BaseModel):
    """A homework as its `assignment.toml` describes it. `folder` is where that file lies."""

    model_config = Strict
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: str
    modules: Annotated[tuple[ModuleName, ...], Field(min_length=1)]
    problems: Annotated[tuple[Problem, ...], Field(min_length=1)]
    document: DocumentName = ""  # what students write in place of the one module, such as "answers.md"
    hand_in: tuple[str, ...] = ()  # files graded by hand, such as "written.md"; a figure may have any name by "*.png"
    shared: tuple[FolderName, ...] = ()  # folders beside the homework's that others use too, such as a data set
    limits: dict[str, Annotated[float, Field(strict=True)]] = {}
    preload: Preload | None = None  # models that are in memory before a submission is
    experiment_weights: tuple[Weights, ...] = ()  # what only the experiment needs, so that grading works without it
    folder: Path = Path()

    @model_validator(mode="after")
    def ids_are_unique(self) -> Assignment:
        ids = [problem.id for problem in self.problems]
        if twice := {id for id in ids if ids.count(id) > 1}:
            raise ValueError(f"problem {sorted(twice)[0]!r} is there twice")
        return self

    @model_validator(mode="after")
    def shared_folders_are_named_once(self) -> Assignment:
        if twice := {name for name in self.shared if self.shared.count(name) > 1}:
            raise ValueError(f"shared folder {sorted(twice)[0]!r} is named twice")
        return self

    @model_validator(mode="after")
    def modules_are_told_apart(self) -> Assignment:
        names = self.preload.modules if self.preload else ()
        if own := sorted({f"{name}.py" for name in names} & set(self.modules)):
            raise ValueError(f"preload.modules: {own[0]} is written by students. Give the shared module another name")
        if taken := sorted(TAKEN & set(names)):
            raise ValueError(f"preload.modules: {taken[0]!r} is the name of another module. Give it another name")
        return self

    @model_validator(mode="after")
    def a_document_stands_for_one_module(self) -> Assignment:
        if self.document and (len(self.modules) > 1 or Path(self.document).stem != Path(self.modules[0]).stem):
            raise ValueError(f"document: {self.document} stands for one module of the same name, such as "
                             f"{Path(self.document).stem}.py. Name that one alone in `modules`")  # fmt: skip
        return self

    @property
    def short(self) -> str:
        """`hw0` of `hw0_multitask`."""
        return self.name.split("_", 1)[0]

    @property
    def notebook(self) -> Path:
        """The homework as a notebook: the other view of the modules. A homework with a document has none."""
        return self.folder / f"{self.short}.ipynb"

    @property
    def handed_in(self) -> tuple[str, ...]:
        """The files that hold the work, as students name them: the modules, or the document."""
        return (self.document,) if self.document else self.modules

    @property
    def solution(self) -> Path:
        """The secret folder of this assignment; absent from a student's copy."""
        return self.folder.parent.parent / "solutions" / self.name

    @property
    def shared_folders(self) -> tuple[Path, ...]:
        """Where the folders of `shared` lie: beside the homework's. They hold no assignment.toml, so are no homework.

        In a homework that is given out by itself, as nbgrader does it, they lie inside.
        """
        inside = {name: self.folder / name for name in self.shared}
        return tuple(place if place.is_dir() else self.folder.parent / name for name, place in inside.items())

    @property
    def shared_files(self) -> tuple[Path, ...]:
        """The modules and data in the shared folders, on which it may depend how a check ends."""
        ends = ("py", *SHARED_DATA)
        return tuple(path for place in self.shared_folders for end in ends for path in sorted(place.glob(f"*.{end}")))

    @property
    def preload_files(self) -> tuple[Path, ...]:
        """The modules of `preload`, each in the shared folder that has it."""
        names = self.preload.modules if self.preload else ()
        found = (next(iter(self._sharing(f"{name}.py")), None) for name in names)
        return tuple(path for path in found if path is not None)

    @property
    def preload_digests(self) -> dict[str, str]:
        """What preloaded models depend on: every module and data file of their folders, and each file of weights."""
        if self.preload is None:
            return {}
        folders = {path.parent for path in self.preload_files}
        files = {f"{path.parent.name}/{path.name}": path for path in self.shared_files if path.parent in folders}
        return {**{name: digest_of(path) for name, path in files.items()}, **self.preload.digests()}

    def _sharing(self, file: str) -> list[Path]:
        return [place / file for place in self.shared_folders if (place / file).is_file()]

    @property
    def probes(self) -> str:
        return read_text(self.folder / "probes.py")

    @property
    def code_points(self) -> Fraction:
        return sum((problem.points for problem in self.problems if problem.kind == "code"), Fraction(0))

    def sources(self, folder: Path) -> dict[str, str]:
        """The assignment's modules as they stand in `folder`: module name -> source text.

        Where students have a document, that is read as the module that it stands for.
        """
        if self.document and not (folder / self.modules[0]).is_file():
            return {Path(self.document).stem: module_of(read_text(folder / self.document))}
        return {name.removesuffix(".py"): read_text(folder / name) for name in self.modules}


class Homework(BaseModel):
    """A homework's place in the course."""

    model_config = Strict
    name: str
    weight: Annotated[Points, Field(ge=0, le=1)]
    optional: Annotated[bool, Field(strict=True)] = False


class Grading(BaseModel):
    """solutions/grading.toml."""

    model_config = Strict
    seed: CourseSecret
    folder: Path = Path()


class Course(BaseModel):
    """course.toml."""

    model_config = Strict
    title: str
    late_days: Annotated[int, Field(strict=True, ge=0)]
    homeworks: tuple[Homework, ...]
    book: Mapping[str, Any] = {}  # the rules of the gradebook, which grader/book/policy.py reads
    folder: Path = Path()

    @property
    def grading_seed(self) -> str:
        """What hidden inputs are drawn from: secret, so it lies with the solutions."""
        return _load(self.folder / "solutions" / "grading.toml", Grading).seed

    def names(self) -> tuple[str, ...]:
        """The folders of all homeworks that are here. Raises `CourseError` when there is none."""
        names = tuple(path.parent.name for path in sorted(self.folder.glob("assignments/*/assignment.toml")))
        if not names:
            raise CourseError(f"There is no homework in {self.folder / 'assignments'}.")
        return names

    def assignment(self, name: str) -> Assignment:
        """The homework called `name` ("hw0_multitask", or "hw0" for short). Raises `CourseError`."""
        there = sorted(path.parent for path in self.folder.glob("assignments/*/assignment.toml"))
        found = [path for path in there if name in (path.name, path.name.split("_", 1)[0])]
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise CourseError(f"{name!r} may be any of {names}. Name one of them in full.")
        if not found:
            names = ", ".join(path.name for path in there) or "none"
            raise CourseError(f"There is no homework {name!r} in {self.folder / 'assignments'}. There is: {names}.")
        assignment = load_assignment(found[0])
        if assignment.name != found[0].name:
            raise CourseError(
                f"{found[0] / DESCRIPTION}: name is {assignment.name!r}, but the folder is {found[0].name!r}. "
                "Make them equal."
            )
        return assignment


def load_course(folder: Path) -> Course:
    """The course whose course.toml lies in `folder` or above it. Raises `CourseError`."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / "course.toml").is_file():
            return _load(place / "course.toml", Course)
    raise CourseError(f"No course.toml in {folder} or above it. Run this inside the course's folder.")


def load_assignment(folder: Path) -> Assignment:
    """The assignment in `folder`, which may have any name. Raises `CourseError`: the file, the key and the fault."""
    path = folder / DESCRIPTION
    assignment = _load(path, Assignment)
    for place in assignment.shared_folders:
        if (place / DESCRIPTION).exists():
            raise CourseError(
                f"{path}: shared: {place.name!r} is a homework itself. Name a folder without {DESCRIPTION}."
            )
        if not place.is_dir():
            raise CourseError(
                f"{path}: shared: there is no folder {place}. Put it there, or take {place.name!r} out of `shared`."
            )
    for name in assignment.preload.modules if assignment.preload else ():
        if len(found := assignment._sharing(f"{name}.py")) != 1:
            of = ", ".join(map(str, found)) or "none of them"
            raise CourseError(
                f"{path}: preload.modules: {name}.py must lie in one of the `shared` folders, and is in {of}. "
                "Put the module there, or name its folder in `shared`."
            )
    return assignment


def _load(path: Path, model: type[Model]) -> Model:
    try:
        values: dict[str, Any] = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    try:
        return model.model_validate({**values, "folder": path.parent.resolve()})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise CourseError(f"{path}: {faults}.") from None


def digest_of(path: Path) -> str:
    """A short name for the bytes of a file of ours. Raises `CourseError`."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}).") from None


def read_text(path: Path) -> str:
    """A file of ours as text. Raises `CourseError`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
