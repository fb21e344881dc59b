"""What students must not receive: every line of everything in `solutions/`, as sequences of words to look for.

Secret are the solution regions of the references, and all of every other file: hidden checks, mutants, alternatives,
scripts, rubrics, write-ups, settings, pictures. A mutant stands for the functions that it makes of the reference's.

What stands in a reference outside its regions is what students see anyway, and so is what
`solutions/<homework>/public.toml` names, each line with its reason:

    [[public]]
    line = "a line that a secret file shares with what students receive"
    reason = "why that gives nothing away"
"""

from __future__ import annotations

import ast
import hashlib
import tokenize
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.authoring import contents, mutant, png
from grader.authoring.markers import Definition, Region, regions
from grader.authoring.units import Unit, of_lines, of_prose, of_python
from grader.authoring.words import words_of
from grader.course.assignment import Course, read_text
from grader.errors import CourseError

# How many words make a line one that nobody writes by chance. Measured on HW0: its 3,007 secret lines against the 100
# files of its release. Of what each rule looks for, this much stands there by right:
#   lines of solutions (237 different ones at five words)   1 at four words, none from five on
#   other lines (774 at seven words)                        9 at five words, 4 at six, 1 from seven on
#   parts of longer lines (2,932 of ten words)              2 from ten words on, 10 places at eight
#   three lines in a row (1,833)                            none
# So three entries in solutions/hw0_multitask/public.toml do. Of the reference's 75 lines, 42 are found alone and 29
# more with the lines around them; the other four are such as `yield batch`.
SOLUTION_WORDS = 5  # a line of a reference, an alternative or a mutant
LINE_WORDS = 7  # any other line
PART_WORDS = 10  # a part of a longer line
RUN_LINES, RUN_WORDS = 3, 8  # lines in a row, and their words: zero_grad, backward, step are everybody's
DISTINCT = 4  # of these words; else a row of zeros and ones would be told from no other
START = 4  # words by which a sequence is looked up: none is shorter

PUBLIC = "public.toml"
CUT = "\0"  # stands for what was taken out

Words = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A place in a secret file."""

    file: str
    line: int


@dataclass
class Secrets:
    """What to look for, by whose file it is: the first of a sequence's sources is the one to name."""

    seed: str
    sequences: dict[Words, list[Source]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)  # of files and of the pictures in them
    lines: dict[str, int] = field(default_factory=dict)  # homework -> how many secret lines it has
    alone: dict[str, int] = field(default_factory=dict)  # homework -> how many of these are found one by one
    public: list[tuple[Path, Words]] = field(default_factory=list)  # each entry of a public.toml

    @property
    def seed_halves(self) -> tuple[str, ...]:
        """Of 64 bits each, so that a part of the seed is found, too; of its digits as one number, all of them."""
        text = str(self.seed)
        return text[: len(text) // 2], text[len(text) // 2 :], str(int(text, 16))

    @cached_property
    def by_start(self) -> dict[Words, list[Words]]:
        """The sequences by their first words, the longest first."""
        found: dict[Words, list[Words]] = {}
        for words in sorted(self.sequences, key=len, reverse=True):
            found.setdefault(words[:START], []).append(words)
        return found


def secrets_of(course: Course) -> Secrets:
    """Everything secret of every homework. Raises `CourseError` when there is nothing, or it cannot be read."""
    folder = course.folder / "solutions"
    if not folder.is_dir():
        raise CourseError(f"{folder}: there is no such folder, so nothing to compare with. Release from a copy of the "
                          "course that has its solutions.")  # fmt: skip
    secrets = Secrets(course.grading_seed)
    _Reader(secrets, course.folder, folder, sorted(_secret(folder, folder.glob("*")))).read()
    for homework in sorted(path for path in folder.glob("[!._]*") if path.is_dir()):
        files = _secret(homework, homework.rglob("*"))
        ordered = sorted(files, key=lambda path: (path.parent != homework, path))  # the reference comes first
        _Reader(secrets, course.folder, homework, ordered).read()
    if not secrets.sequences:
        raise CourseError(f"{folder}: holds no secret line, so there is nothing to compare with.")
    return secrets


def _secret(folder: Path, paths: Iterable[Path]) -> Iterator[Path]:
    """The files among `paths` that somebody wrote: no caches, and not the list of what is public."""
    for path in paths:
        derived = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
        if path.is_file() and not derived and path.name != PUBLIC:
            yield path


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    line: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class _Entries(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    public: tuple[_Entry, ...]


def _entries(path: Path) -> list[Words]:
    try:
        entries = _Entries.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise CourseError(f"{path}: {faults}. Each entry has a line, and the reason why it is public.") from None
    return [tuple(words_of(entry.line)) for entry in entries.public]


class _Reader:
    """Reads the secret files of one homework."""

    def __init__(self, secrets: Secrets, root: Path, homework: Path, files: Sequence[Path]) -> None:
        self.secrets, self.root, self.homework, self.files = secrets, root, homework, files
        self.names: set[str] = set()  # of the references' definitions
        self.given = ""  # the words of the references outside their regions
        self.given_words = frozenset[str]()
        self.references: set[Path] = set()
        self.sources: dict[str, str] = {}  # of the references
        path = homework / PUBLIC
        self.used = dict.fromkeys(_entries(path), False) if path.is_file() else {}
        self.entries = {entry: (frozenset(entry), _joined(entry)) for entry in self.used}

    def read(self) -> None:
        for path in self.files:
            if path.parent == self.homework and path.suffix == ".py":
                self._note_what_is_given(path)
        for path in self.files:
            self._add(path)
        for words, used in self.used.items():
            self.secrets.public.append((self.homework / PUBLIC, words))
            if not used:
                raise CourseError(f"{self.homework / PUBLIC}: {' '.join(words)!r} is not in any secret line that is "
                                  "looked for. Take this entry out.")  # fmt: skip

    def _note_what_is_given(self, path: Path) -> None:
        source = read_text(path)
        found = regions(source, self._name(path))
        if found:
            self.references.add(path)
            self.sources[path.stem] = source
            outside = _outside(source, found)
            self.given += _joined(outside)
            self.given_words |= {*outside}
            nodes = ast.walk(ast.parse(source))
            self.names |= {node.name for node in nodes if isinstance(node, Definition)}

    def _add(self, path: Path) -> None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CourseError(f"{path}: cannot be read ({error.strerror}).") from None
        if data:
            self.secrets.digests.setdefault(hashlib.sha256(data).hexdigest(), self._name(path))
        if path.suffix == ".png":
            try:
                self.secrets.digests.update(dict.fromkeys(png.digests_of(data), self._name(path)))
            except ValueError as error:
                raise CourseError(f"{path}: {error}.") from None
        elif path.suffix != ".npz" and (contents.is_known(path.name) or _is_text(data)):  # of arrays a copy is known
            name = self._name(path)
            for units in self._groups(path, read_text(path)):
                self._add_lines(path, name, units)

    def _groups(self, path: Path, text: str) -> Iterator[list[Unit]]:
        """Lines of one kind, of which those in a row are in a row in the file."""
        if path.suffix == ".py":
            units = self._code(path, text)
            blocks = [(region.begin, region.end) for region in regions(text, self._name(path))]
            for begin, end in blocks or [(0, len(text))]:
                inside = [unit for unit in units if begin < unit.line < end]
                yield [unit for unit in inside if unit.kind == "code"]
                yield [unit for unit in inside if unit.kind == "prose"]
        elif path.suffix == ".toml" and path.parent.name == mutant.FOLDER:
            yield of_lines(text)
            known = mutant.read_mutant(path)
            for name, said in (("says", known.says), ("hint", known.hint)):
                yield [replace(unit, line=_line_of(name, text)) for unit in of_prose(said)]
            for code in known.code_of(self.sources):
                units = [replace(unit, line=1) for unit in self._code(path, code)]
                yield [unit for unit in units if unit.kind == "code"]
                yield [unit for unit in units if unit.kind == "prose"]
        elif path.suffix == ".md":
            yield of_prose(text)
        elif path.suffix == ".ipynb":
            for source in _cells(path, text):
                yield self._code(path, source)
                yield of_prose(source)
        elif path.suffix in (".toml", ".json"):
            yield of_lines(text)  # comments too
            for _, value in (line for part in _read(path, text).texts for line in part):
                yield of_prose(value)
        else:
            yield of_lines(text)

    def _code(self, path: Path, source: str) -> list[Unit]:
        try:
            return of_python(source, self.names)
        except (SyntaxError, tokenize.TokenError) as error:
            if path.suffix == ".ipynb":
                return of_lines(source)
            raise CourseError(f"{path}: not valid Python: {error}.") from None

    def _add_lines(self, path: Path, name: str, units: list[Unit]) -> None:
        solution = (
            path in self.references
            or path.parent.name in ("alternatives", "mutants", "restyled")
            or path.suffix == ".ipynb"
        )
        for unit in units:
            least = SOLUTION_WORDS if solution and unit.kind == "code" else LINE_WORDS
            secret = not self._is_public(unit.words)
            alone = secret and len(unit.words) >= least and self._add_sequence(name, unit.line, unit.words)
            self.secrets.lines[self.homework.name] = self.secrets.lines.get(self.homework.name, 0) + secret
            self.secrets.alone[self.homework.name] = self.secrets.alone.get(self.homework.name, 0) + alone
            for at in range(1 + len(unit.words) - PART_WORDS if len(unit.words) > PART_WORDS else 0):
                self._add_sequence(name, unit.line, unit.words[at : at + PART_WORDS])
        for at in range(max(1, len(units) - RUN_LINES + 1)):
            run = units[at : at + RUN_LINES]
            words = tuple(word for unit in run for word in unit.words)
            if len(run) > 1 and len(words) >= RUN_WORDS:
                self._add_sequence(name, run[0].line, words)

    def _add_sequence(self, name: str, line: int, words: Words) -> bool:
        if len(set(words)) < DISTINCT or self._is_public(words):
            return False
        self.secrets.sequences.setdefault(words, []).append(Source(name, line))
        return True

    def _is_public(self, words: Words) -> bool:
        # Looking at the words first spares most of the search through long texts.
        text = ""
        found = self.given_words.issuperset(words) and (text := _joined(words)) in self.given
        for entry, (its_words, joined) in self.entries.items():
            if its_words.issuperset(words) and (text or _joined(words)) in joined:
                self.used[entry] = found = True
        return found

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _outside(source: str, found: Sequence[Region]) -> list[str]:
    """The words of a reference outside its regions, and of what students get in their place."""
    inside = {line for region in found for line in range(region.begin, region.end + 1)}
    words: list[str] = []
    for number, line in enumerate(source.splitlines(), 1):
        words += [CUT] if number in inside else words_of(line)
    for region in found:
        words += [CUT, *words_of("\n".join(region.stub or ()))]
    return [*words, CUT]


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _is_text(data: bytes) -> bool:
    try:
        contents.decoded(data)
    except contents.Unreadable:
        return False
    return True


def _read(path: Path, text: str) -> contents.Content:
    try:
        return contents.read(path.name, text.encode())
    except contents.Unreadable as error:
        raise CourseError(f"{path}: {error}.") from None


def _cells(path: Path, text: str) -> list[str]:
    """The sources of a notebook's cells, then everything else that it holds."""
    sources, rest = _read(path, text).texts[:2]
    cells: dict[str, list[str]] = {}
    for where, line in sources:
        cells.setdefault(where.rpartition(", ")[0], []).append(line)
    return ["\n".join(lines) for lines in (*cells.values(), [line for _, line in rest])]


def _line_of(key: str, text: str) -> int:
    """The line of a TOML file at which a key of the top level stands."""
    return next((i for i, line in enumerate(text.split("\n"), 1) if line.split("=")[0].strip() == key), 1)
