"""Where a student's answer to a question lies: in a text, a notebook or a PDF, below the heading that names it.

What is found is shown as it is, and nothing is guessed: where no heading names the question, all of the text is shown.
A note says so. That nothing was handed in, or nothing written, is an answer too.
"""

from __future__ import annotations

import codecs
import fnmatch
import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Any

from grader.intake import names
from grader.intake.content import sniffed
from grader.intake.names import shown
from grader.intake.submission import Refused
from grader.review.drawing import Unreadable
from grader.review.files import Files
from grader.review.headings import marked, part_below, same_words

TEXTS, PICTURES = (".md", ".markdown", ".txt"), (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
SOURCES = (".tex", ".html", ".htm", ".rst", ".svg")  # shown as they were typed
NOT_SHOWN = (".docx", ".doc", ".odt", ".rtf", ".pages", ".heic", ".tif", ".tiff", ".ps")
LONGEST = 200_000  # characters of one text
MOST_BYTES = 4 * (LONGEST + 2)  # of a text that is cut: no sign has more than four
MOST_TEXTS, LONGEST_SUM = 50, 1_000_000  # texts of one submission, and characters of all together
MOST_READ = 200_000_000  # bytes of all its texts, or of all its notebooks
MOST_NOTEBOOKS, MOST_FIGURES = 10, 200
_NOBODYS = ("readme", "license", "notice", "changelog", "requirements")  # texts that came with the homework
NO_PICTURES: Mapping[str, int] = MappingProxyType({})


class State(Enum):
    WRITTEN = "written"
    UNTOUCHED = "untouched"  # as it was handed out
    NOTHING = "nothing"  # nothing was handed in


@dataclass(frozen=True)
class Markdown:
    """A text with its figures: what it may call each -> its number in `Answer.figures`.

    `source` is all of it, and `own` what is the student's: without the paragraphs that were handed out.
    """

    source: str
    file: str
    folder: str = ""
    own: str = ""
    figures: Mapping[str, int] = field(default_factory=lambda: NO_PICTURES)


@dataclass(frozen=True)
class Plain:
    """Text that is shown letter by letter: a file of text, code, or what code printed."""

    source: str
    file: str


@dataclass(frozen=True)
class Figure:
    """A picture by its number in `Answer.figures`."""

    number: int
    name: str


@dataclass(frozen=True)
class Document:
    """A PDF by its number in `Answer.documents`."""

    number: int
    name: str


Part = Markdown | Plain | Figure | Document


@dataclass(frozen=True)
class Blob:
    """A file to be shown, read when it is asked for."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Answer:
    """What a student says to one question. `beside` are figures that no text shows."""

    state: State
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    figures: tuple[Blob, ...] = ()
    documents: tuple[Blob, ...] = ()
    beside: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Questions:
    """What a homework asks: all questions, the files that are graded by hand, and the texts as they were handed out."""

    ids: tuple[str, ...]
    hand_in: tuple[str, ...]
    handed_out: Mapping[str, str]  # name of a text -> its content


Cells = Callable[[bytes], Sequence[Mapping[str, Any]]]  # reads a notebook; raises `Unreadable`


def answer_of(files: Files, question: str, asked: Questions, cells: Cells) -> Answer:
    """The answer in one submission."""
    return _Search(files, question, asked, cells).answer()


def together(answers: Sequence[Answer], told: Sequence[str]) -> Answer:
    """The answers of several submissions of one student as one; `told` says where each is from."""
    if len(answers) == 1:
        return answers[0]
    parts, notes, figures = list[Part](), list[str](), list[Blob]()
    documents, beside = list[Blob](), list[Figure]()
    for answer, name in zip(answers, told, strict=True):
        first, first_document = len(figures), len(documents)
        notes += [f"{name}: {note}" for note in answer.notes]
        parts += [_moved(part, first, first_document) for part in answer.parts]
        beside += [Figure(each.number + first, each.name) for each in answer.beside]
        figures += answer.figures
        documents += answer.documents
    states = [answer.state for answer in answers]
    state = next((each for each in (State.WRITTEN, State.UNTOUCHED) if each in states), State.NOTHING)
    notes.insert(0, f"handed in under several names, {names.listed(list(told), 5)}: all are shown, decide which counts")
    return Answer(state, tuple(parts), tuple(notes), tuple(figures), tuple(documents), tuple(beside))


def _moved(part: Part, figures: int, documents: int) -> Part:
    match part:
        case Markdown(source, file, folder, own, numbers):
            return Markdown(source, file, folder, own, {name: number + figures for name, number in numbers.items()})
        case Figure(number, name):
            return Figure(number + figures, name)
        case Document(number, name):
            return Document(number + documents, name)
        case _:
            return part


@dataclass
class _Found:
    """What one file has to say."""

    parts: list[Part]
    written: bool
    told: str = ""


class _Search:
    def __init__(self, files: Files, question: str, asked: Questions, cells: Cells) -> None:
        self.files, self.question, self.asked, self.cells = files, question, asked, cells
        self.notes = list(files.notes)
        paths = sorted(files.items)
        self.texts = self._chosen([path for path in paths if path.lower().endswith((*TEXTS, *SOURCES))])
        self.notebooks = [path for path in paths if names.is_notebook(path)]
        self.pdfs = [path for path in paths if path.lower().endswith(".pdf")]
        pictures = sorted((p for p in paths if p.lower().endswith(PICTURES)), key=lambda p: not self._asked_for(p))
        pictures = self._first(pictures, MOST_FIGURES, "figures")
        self.figures = [Blob(path, partial(files.read, path)) for path in pictures]
        self.numbers: dict[str, int] = {path: number for number, path in enumerate(pictures)}
        self.shown: set[int] = set()
        self.whole: list[str] = []
        self.headless: list[_Found] = []

    def answer(self) -> Answer:
        if not self.files.items:
            return Answer(State.NOTHING, notes=tuple(self.notes))
        found = list(self._in_texts())
        if not any(each.written for each in found):
            found += self._in_notebooks()
        documents = [Blob(path, partial(self.files.read, path)) for path in self.pdfs]
        pdfs = [Document(number, shown(path)) for number, path in enumerate(self.pdfs)]
        written = [each for each in found if each.written]
        headless = [each for each in self.headless if each.written]
        if not written and headless:
            self.notes.append(f"no heading names {self.question}, so the whole text is shown")
            written = headless
        chosen = written or found
        parts = [part for each in chosen for part in each.parts] + pdfs
        self.notes += [each.told for each in chosen if each.told]
        if pdfs:
            self.notes.append("a PDF is shown as a whole")
        state = State.WRITTEN if written or pdfs else State.UNTOUCHED if found or self.headless else State.NOTHING
        if others := [path for path in self.files.items if path.lower().endswith(NOT_SHOWN)]:
            self.notes.append(f"cannot be shown here, open it yourself: {names.listed(sorted(others), 5)}")
            state = State.WRITTEN
        if state is State.NOTHING:
            by_hand = names.listed(list(self.asked.hand_in), 5)
            self.notes.append(f"something was handed in, but nothing that is graded by hand ({by_hand})")
            if any(self._asked_for(path) for path in self.numbers):
                state = State.WRITTEN  # figures alone
        self.shown |= {number for text in self.whole for path, number in self.numbers.items() if _mentions(text, path)}
        beside = [
            Figure(number, shown(path))
            for path, number in self.numbers.items()
            if number not in self.shown and self._asked_for(path) and number < len(self.figures)
        ]
        told = tuple(dict.fromkeys(self.notes))
        return Answer(state, tuple(parts), told, tuple(self.figures), tuple(documents), tuple(beside))

    def _asked_for(self, path: str) -> bool:
        name = posixpath.basename(path).casefold()
        return any(fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in self.asked.hand_in)

    def _chosen(self, paths: list[str]) -> list[str]:
        """The texts that were asked for, or nearly so; where there is none, all texts."""
        plain = [pattern for pattern in self.asked.hand_in if "*" not in pattern and pattern.endswith(TEXTS)]
        exact = [path for path in paths if self._asked_for(path)]
        near = [path for path in paths if any(names.is_near_miss(posixpath.basename(path), each) for each in plain)]
        if any(path.lower().endswith(TEXTS) for path in paths):
            paths = [path for path in paths if path.lower().endswith(TEXTS)]
        others = [path for path in paths if not posixpath.basename(path).lower().startswith(_NOBODYS)]
        return exact or near or others

    def _first(self, paths: list[str], most: int, what: str) -> list[str]:
        if len(paths) > most:
            self.notes.append(f"{len(paths):,} {what} were handed in: only the first {most} were looked at")
        return paths[:most]

    def _in_texts(self) -> Iterator[_Found]:
        """What the texts say, one after the other, until they are more than anybody writes."""
        letters, left = LONGEST_SUM, MOST_READ
        for path in self._first(self.texts, MOST_TEXTS, "texts"):
            if letters <= 0 or left <= 0:
                self.notes.append(f"the texts are too long together: {shown(path)} and what follows was not looked at")
                return
            try:
                data = self.files.read(path)
            except (Refused, OSError) as why:
                self.notes.append(str(why))
                continue
            left -= len(data)
            if sniffed(data) == "PDF":
                self.pdfs.append(path)
                continue
            text = text_of(data[:MOST_BYTES])
            if len(text) > LONGEST:
                text = text[:LONGEST]
                self.notes.append(f"{shown(path)} is longer than {LONGEST:,} characters, and cut there")
            letters -= len(text)
            self._keep(text)
            if found := self._in_text(path, text):
                yield found

    def _in_text(self, path: str, text: str) -> _Found | None:
        handed_out = self._handed_out(path)
        part = part_below(text, self.question, self.asked.ids)
        if part is None:
            whole = bool(text.strip()) and not same_words(text, handed_out)
            self.headless.append(_Found([self._laid_out(text, path, handed_out)], whole))
            return None
        before = part_below(handed_out, self.question, self.asked.ids)
        same = same_words(part.text, before.text if before else "")
        figure = any(_mentions(part.text, other) for other in self.numbers)
        told_twice = f"{self.question} is a heading {part.times} times: all are shown" if part.times > 1 else ""
        parts = [self._laid_out(part.text, path, before.text if before else "")]
        return _Found(parts, bool(part.text.strip()) and (not same or figure), told_twice)

    def _keep(self, text: str) -> None:
        """A text that figures may be looked for in, as far as that takes no time."""
        if sum(map(len, self.whole)) < LONGEST_SUM:
            self.whole.append(text)

    def _laid_out(self, text: str, path: str, handed_out: str) -> Part:
        if not path.lower().endswith(TEXTS[:2]):
            return Plain(text, shown(path))
        return Markdown(text, shown(path), posixpath.dirname(path), own_words(text, handed_out), self.numbers)

    def _handed_out(self, path: str) -> str:
        own = self.asked.handed_out.get(posixpath.basename(path))
        return own if own is not None else next(iter(self.asked.handed_out.values()), "")

    def _in_notebooks(self) -> Iterator[_Found]:
        left = MOST_READ
        for path in self._first(self.notebooks, MOST_NOTEBOOKS, "notebooks"):
            if left <= 0:
                self.notes.append(f"the notebooks are too large together: {shown(path)} and what follows was not read")
                return
            try:
                data = self.files.read(path)
                left -= len(data)
                cells = self.cells(data)
            except (Refused, Unreadable, OSError) as why:
                self.notes.append(f"{shown(path)}: {why}")
                continue
            if found := self._in_notebook(path, cells):
                yield found

    def _in_notebook(self, path: str, cells: Sequence[Mapping[str, Any]]) -> _Found | None:
        if any(cell["cut"] for cell in cells):
            self.notes.append(f"{shown(path)} has cells that are too long to show, and is cut there")
        for cell in cells:
            if cell["kind"] == "markdown":
                self._keep(cell["source"])
        below = list(_cells_below(cells, self.question, self.asked.ids))
        if not below:
            return None
        handed_out = part_below(next(iter(self.asked.handed_out.values()), ""), self.question, self.asked.ids)
        before = handed_out.text if handed_out else ""
        parts, words = list[Part](), list[str]()
        for number, cell, text in below:
            place = f"{shown(path)}, cell {number}"
            if cell["kind"] == "markdown":
                words.append(text)
                if text.strip():
                    figures = self._with_attachments(cell, place)
                    parts.append(Markdown(text, place, posixpath.dirname(path), own_words(text, before), figures))
            else:
                parts += self._of_code(cell, place)
        return _Found(parts, bool(parts) and not same_words("\n".join(words), before))

    def _with_attachments(self, cell: Mapping[str, Any], place: str) -> Mapping[str, int]:
        numbers = dict(self.numbers)
        for name, data in cell["attachments"].items():
            numbers[f"attachment:{name}"] = self._figure(f"{place}, {name}", data)
        return numbers

    def _of_code(self, cell: Mapping[str, Any], place: str) -> Iterator[Part]:
        if cell["source"].strip():
            yield Plain(cell["source"], place)
        for output in cell["outputs"]:
            if "png" in output:
                yield Figure(self._figure(place, output["png"]), f"figure of {place}")
            else:
                yield Plain(output["text"], f"output of {place}")

    def _figure(self, name: str, data: bytes) -> int:
        self.figures.append(Blob(name, lambda: data))
        self.shown.add(len(self.figures) - 1)
        return len(self.figures) - 1


def own_words(text: str, handed_out: str) -> str:
    """A text without the paragraphs that were handed out: nobody reads a question with each answer. Figures stay."""
    known = {" ".join(block.split()) for block in _blocks(handed_out)}
    kept = [block for block in _blocks(text) if "![" in block or " ".join(block.split()) not in known]
    return "\n\n".join(kept)


def _blocks(text: str) -> list[str]:
    """Paragraphs; what stands in a fence is one with what is around it."""
    blocks, fence = list[list[str]]([[]]), False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fence = not fence
        if line.strip() or fence:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def text_of(data: bytes) -> str:
    """A file as text, whatever it was saved as. What is no letter is shown as a sign for that."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _plain(data.decode(encoding, "replace"))
    return _plain(data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _cells_below(
    cells: Sequence[Mapping[str, Any]], question: str, ids: Collection[str]
) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    """The cells of an answer, each with its number and what of it belongs to the answer."""
    lines, places = list[str](), list[int]()
    for at, cell in enumerate(cells):
        for line in cell["source"].splitlines() if cell["kind"] == "markdown" else [""]:
            lines.append(line)
            places.append(at)
    heads = marked(lines, ids)
    inside, own = False, dict[int, list[str]]()
    for line, at, head in zip(lines, places, heads, strict=True):
        if head is not None:
            inside = head == question
        elif inside:
            own.setdefault(at, []).append(line)
    for at, kept in own.items():
        yield at + 1, cells[at], "\n".join(kept).strip("\n")


def _mentions(text: str, path: str) -> bool:
    """Whether a text shows this figure, as far as its name tells."""
    name = posixpath.basename(path)
    return name in text or name.replace(" ", "%20") in text
