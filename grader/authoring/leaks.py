"""Whether files that students will receive hold anything secret: found by what they say, not by what they are called.

Every text in every file is compared with every secret line. A file that cannot be read is a leak too, and so is one
of a kind that has no place among public files: "nothing found" is only said of what was compared.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from grader.authoring import contents
from grader.authoring.contents import Text
from grader.authoring.secrets import START, Secrets, Source
from grader.authoring.words import words_of
from grader.course.assignment import DESCRIPTION, Course
from grader.errors import CourseError

FRAMEWORK = Path(__file__).parents[1]
COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib", ".o", ".a")
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".whl", ".npz", ".jar")
WEIGHTS = (
    ".safetensors",
    ".gguf",
    ".ggml",
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".onnx",
    ".h5",
    ".pb",
    ".tflite",
    ".msgpack",
)
MAX_MB = 8  # of one file: nothing that students receive is larger, and no model worth the name is smaller
ARRAYS = ".npz"  # numbers cannot be compared with anything, so they have one place only: a shared folder
HIDDEN_BUT_PUBLIC = (".gitignore", ".github")  # at the top
_MARKER = re.compile(r"\W*((BEGIN|END)\s+(SOLUTION|HIDDEN\s+TESTS?))\W*|\s*#+\s*STUB:.*", re.IGNORECASE)
_TRAILING_COMMENT = re.compile(r"(?<=\S)\s+#\s.*")
_COMMENT_SIGNS = " \t#>/*-"


@dataclass(frozen=True, order=True)
class Leak:
    """One thing that must not leave. `what` repeats no more of the secret than says where to look for it."""

    file: str
    where: str  # "line 3", "cell 2 (union), line 1", "key metadata.note"; "" for the file as a whole
    kind: str
    what: str
    source: str = ""  # the secret file

    def __str__(self) -> str:
        return f"{self.file}{f', {self.where}' if self.where else ''}: {self.kind}: {self.what}"


class LeakError(CourseError):
    """A release that would give something away. The message lists every leak."""

    def __init__(self, what: str, leaks: Sequence[Leak]) -> None:
        count = f"{len(leaks)} place{'s' if len(leaks) > 1 else ''}"
        listed = "".join(f"\n  {leak}" for leak in leaks)
        super().__init__(
            f"{what} is refused, and nothing was written. {count} must be put right first:{listed}\n"
            "Take out what is secret. A line that is public by right goes into solutions/<homework>/public.toml, with "
            "the reason."
        )
        self.leaks = tuple(leaks)


def scan(place: Path, secrets: Secrets) -> list[Leak]:
    """All leaks in a folder, or in one file. Raises `CourseError` when there is nothing to compare, or to compare with.

    Files are named as they lie below `place`.
    """
    if not secrets.sequences:
        raise CourseError("There is no secret line to compare with, so nothing can be said about leaks.")
    if place.is_file() and not place.is_symlink():
        return sorted(set(_of_file(place, place.name, secrets)))
    if not place.is_dir():
        raise CourseError(f"{place}: there is no such file or folder.")
    if not files_in(place):
        raise CourseError(f"{place}: there is no file in it, so nothing can be said about leaks.")
    leaks: set[Leak] = set()
    for path in _walk(place):
        leaks.update(_of_entry(path, path.relative_to(place).as_posix(), secrets))
    return sorted(leaks)


def files_in(folder: Path) -> list[Path]:
    """What `scan` goes through, folders not counted."""
    return [path for path in _walk(folder) if not path.is_dir() or path.is_symlink()]


def unneeded(course: Course, secrets: Secrets) -> list[Leak]:
    """Entries of a public.toml whose line students do not receive (any more)."""
    if not secrets.public:
        return []
    given = [path for path in _walk(course.folder / "assignments") if path.is_file() and contents.is_known(path.name)]
    streams = [_joined(stream.words) for path in given for text in _content(path).texts for stream in _streams(text)]
    return [
        Leak(
            file.relative_to(course.folder).as_posix(),
            "",
            "stale entry",
            f"{' '.join(words)!r} is in nothing that students receive. Take this entry out.",
        )
        for file, words in secrets.public
        if not any(_joined(words) in stream for stream in streams)
    ]


def _walk(folder: Path) -> Iterator[Path]:
    """Every file and folder below, in order; links are not followed."""

    def refuse(error: OSError) -> None:
        raise CourseError(f"{error.filename}: cannot be read ({error.strerror}).")

    for top, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        yield from (Path(top, name) for name in sorted([*folders, *files]))


def _of_entry(path: Path, name: str, secrets: Secrets) -> Iterator[Leak]:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        yield Leak(name, "", "link", "a symbolic link. Put the file itself there")
    elif path.name == "__pycache__" or path.suffix in COMPILED:
        yield Leak(name, "", "compiled", "compiled code, whose constants and names are its source's")
    elif path.name.startswith(".") and name not in HIDDEN_BUT_PUBLIC:
        yield Leak(name, "", "hidden", "a hidden file or folder, which nobody looks at before it leaves")
    elif stat.S_ISDIR(mode):
        return
    elif not stat.S_ISREG(mode):
        yield Leak(name, "", "file type", "neither a file nor a folder")
    else:
        if mode & 0o111:
            yield Leak(name, "", "executable", "it may be executed; nothing that students receive needs to be")
        yield from _of_file(path, name, secrets)


def _of_file(path: Path, name: str, secrets: Secrets) -> Iterator[Leak]:
    if path.suffix.lower() in WEIGHTS:
        what = "weights of a model. Students install them with a package, named in [[preload.weights]]"
        yield Leak(name, "", "weights", what)
        return
    if (size := path.lstat().st_size) > MAX_MB << 20:
        yield Leak(name, "", "too large", f"{size / (1 << 20):.0f} MB, and a file may have {MAX_MB} MB")
        return
    if path.suffix in ARCHIVES and not (path.suffix == ARRAYS and _is_shared(path.parent)):
        yield Leak(name, "", "archive", "an archive, which is not looked into. Put its files there")
        return
    try:
        data = path.read_bytes()
        if path.suffix == ".bpf" and _is_the_frameworks(path.name, data):
            return
        if not contents.is_known(path.name):
            kind = f"files of type {path.suffix or 'none'!r}"
            yield Leak(name, "", "file type", f"{kind} are not among those that students receive and that can be read")
            return
        content = contents.read(path.name, data)
    except OSError as error:
        yield Leak(name, "", "unreadable", f"it cannot be read ({error.strerror})")
        return
    except contents.Unreadable as error:
        yield Leak(name, "", error.kind, str(error))
        return
    yield from (Leak(name, fault.where, fault.kind, fault.what) for fault in content.faults)
    if source := secrets.digests.get(hashlib.sha256(data).hexdigest()):
        yield Leak(name, "", "copy", f"the same as {source}", source)
    for where, digests in content.pictures:
        for source in sorted({secrets.digests[digest] for digest in digests if digest in secrets.digests}):
            yield Leak(name, where, "picture", f"the picture of {source}", source)
    told: dict[str, set[str]] = {}  # secret file -> places that a leak has named already
    for text in content.texts:
        for where, line in text:
            if _MARKER.fullmatch(line):
                yield Leak(name, where, "marker", "a solution marker, which is for references only")
        for stream in _streams(text):
            for leak, places in (*_of_stream(name, stream, secrets), *_seed(name, stream, secrets.seed_halves)):
                if not places <= told.setdefault(leak.source, set()):
                    yield leak
                told[leak.source] |= places


def _is_shared(folder: Path) -> bool:
    """Whether a folder is one that homeworks share, and no homework itself."""
    return folder.parent.name == "assignments" and not (folder / DESCRIPTION).exists()


def _is_the_frameworks(name: str, data: bytes) -> bool:
    """Whether this is one of the framework's own files, which hold no homework's secret."""
    return any(data == ours.read_bytes() for ours in FRAMEWORK.rglob(name))


def _content(path: Path) -> contents.Content:
    try:
        return contents.read(path.name, path.read_bytes())
    except (OSError, contents.Unreadable):
        return contents.Content()  # what is wrong with it is told when it is released


@dataclass(frozen=True)
class _Stream:
    """The words of a text, and where each stands."""

    words: tuple[str, ...]
    places: tuple[str, ...]


def _streams(text: Text) -> list[_Stream]:
    """A text without comments at the ends of lines, which a copy may lack or have of its own, and as it is."""
    bare = tuple((where, _TRAILING_COMMENT.sub("", line.lstrip(_COMMENT_SIGNS))) for where, line in text)
    whole, without = _stream(text), _stream(bare)
    return [whole] if whole.words == without.words else [without, whole]


def _stream(text: Text) -> _Stream:
    pairs = [(word, where) for where, line in text for word in words_of(line)]
    return _Stream(tuple(word for word, _ in pairs), tuple(where for _, where in pairs))


def _of_stream(name: str, stream: _Stream, secrets: Secrets) -> Iterator[tuple[Leak, set[str]]]:
    """Secret sequences in a text. Those that touch are one leak, of the secret file that has most of it."""
    begin = end = 0
    sources: Counter[str] = Counter()
    first: dict[str, Source] = {}
    for at, words in (*_matches(stream, secrets), (len(stream.words) + 1, ())):
        if sources and at > end:
            yield _leak(name, stream, begin, end, sources, first), set(stream.places[begin:end])
            sources, first = Counter(), {}
        begin = begin if sources else at
        end = max(end, at + len(words))
        for source in secrets.sequences.get(words, ()):
            sources[source.file] += len(words)
            first.setdefault(source.file, source)


def _matches(stream: _Stream, secrets: Secrets) -> Iterator[tuple[int, tuple[str, ...]]]:
    for at in range(len(stream.words) - START + 1):
        for words in secrets.by_start.get(stream.words[at : at + START], ()):
            if stream.words[at : at + len(words)] == words:
                yield at, words


def _leak(name: str, stream: _Stream, begin: int, end: int, sources: Counter[str], first: dict[str, Source]) -> Leak:
    file, _ = sources.most_common(1)[0]
    begins, ends = stream.places[begin], stream.places[end - 1]
    same, _, last = ends.rpartition(", ")
    where = begins if begins == ends else f"{begins} to {last if begins.rpartition(', ')[0] == same else ends}"
    count = end - begin
    return Leak(name, where, "secret text", f"{count} words in a row as in {file}, line {first[file].line}", file)


def _seed(name: str, stream: _Stream, halves: Sequence[str]) -> Iterator[tuple[Leak, set[str]]]:
    """A half of the grading seed or more, wherever it is taken apart."""
    text, begins = "".join(stream.words), [0, *accumulate(map(len, stream.words))]
    for half in halves:
        for found in re.finditer(re.escape(half), text):
            place = stream.places[bisect_right(begins, found.start()) - 1]
            yield Leak(name, place, "grading seed", "the seed of the hidden inputs", "solutions/grading.toml"), {place}


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "
