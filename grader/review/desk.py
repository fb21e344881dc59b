"""One grader's review: what the page is told, and what it says. Everything that lasts is in the gradebook."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from grader.book.claims import Claim
from grader.book.graders import of_graders
from grader.book.rows import LONGEST_TEXT, NO_TEXT, Given
from grader.course.points import decimal, exact
from grader.errors import GraderError
from grader.hand.marking import Marking, NoSuchItem, points_of
from grader.hand.rubric import Question, Rubric
from grader.intake import Asked, ClassFolder
from grader.intake.submission import Refused
from grader.review.answers import MOST_NOTEBOOKS, Answer, Questions, State, answer_of, together
from grader.review.classes import Handed
from grader.review.drawing import Unreadable
from grader.review.files import Files, files_of
from grader.review.headings import part_below
from grader.review.marks import Marks
from grader.review.once import Once
from grader.review.queue import Task, following
from grader.review.showing import Drawn, laid_out, shown, typed

CLAIM_S = 180.0  # the page renews its claim every minute while somebody looks at it
KEYS = "1234567890bcdehijklmoqrtvxy"  # of items, in order; other letters are commands
MOST_COMMENTS = 40
Kind = Literal["ungraded", "wrong"]
Cells = Sequence[Mapping[str, Any]]


class Unknown(GraderError):
    """There is no such answer, figure or page in this review."""


class Content(BaseModel):
    """A marking as the page writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    items: tuple[str, ...] = ()
    adjustment: str = Field("", max_length=40)
    comment: str = Field("", max_length=LONGEST_TEXT)

    def marking(self) -> Marking:
        """As the book keeps it. Raises ValueError for an adjustment that is no number, and for text it cannot keep."""
        given = self.adjustment.strip().replace(",", ".").replace("−", "-").removeprefix("+")
        given = re.sub(r"^(-?)\.", r"\g<1>0.", given)
        adjustment = exact(given) if given else Fraction(0)
        if abs(adjustment) > 1000:
            raise ValueError("an adjustment is between -1000 and 1000")
        comment = unicodedata.normalize("NFC", self.comment)
        if len(comment) > LONGEST_TEXT or NO_TEXT.search(comment):
            raise ValueError(f"a comment has at most {LONGEST_TEXT:,} characters, and no NUL or half of a character")
        return Marking(tuple(dict.fromkeys(self.items)), adjustment, comment)


class Save(Content):
    """What the page wants saved. `base` is the entry it saw, and `tried` what it sent before without hearing back."""

    answer: str
    base: str = ""
    tried: tuple[Content, ...] = ()

    @field_validator("tried", mode="before")
    @classmethod
    def _may_have_been_saved(cls, tried: Any) -> Any:
        """Without what no marking can be: it was refused, and must not keep out what is sent now."""
        return [each for each in tried if _is_content(each)] if isinstance(tried, list) else tried


def _is_content(each: Any) -> bool:
    try:
        Content.model_validate(each)
    except ValidationError:
        return False
    return True


@dataclass(frozen=True)
class Setup:
    """What does not change during a review."""

    title: str
    homework: str
    who: str
    tasks: tuple[Task, ...]
    names: Mapping[str, str]  # by student
    asked: Questions
    handed: Handed
    files: Asked  # which files a homework asks for
    found: ClassFolder | None = None
    hide_names: bool = False
    by: str = "question"
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)  # problems, by student
    behind: Mapping[str, str] = field(default_factory=dict)  # the problem that a question explains
    stands_for: Mapping[str, str] = field(default_factory=dict)  # who is or was in a group -> the first who is there
    remarks: tuple[str, ...] = ()
    walls: str = ""  # which ones this machine lacks

    def is_wrong(self, task: Task) -> bool:
        """Whether a check found something wrong: in the problem that the question explains, or in any."""
        problems = self.wrong.get(task.student, ())
        behind = self.behind.get(task.question)
        return behind in problems if behind else bool(problems)


@dataclass(frozen=True)
class _Seen:
    """The book as it was when its newest entry had this number."""

    newest: int
    rubric: Rubric
    history: Sequence[Given]
    last: Mapping[tuple[str, str], Given]  # by the student whose task it is


class Desk:
    """Answers the page's questions. Several threads may ask."""

    def __init__(self, setup: Setup, marks: Marks, draw: Drawn) -> None:
        self.setup, self._marks, self._draw = setup, marks, draw
        self._tasks = {task.id: task for task in setup.tasks}
        self._ids = {(task.student, task.question): task.id for task in setup.tasks}
        # A page that outlives its server fetches everything anew, and figures have other addresses then.
        self.run = secrets.token_hex(8)
        self._seen: _Seen | None = None
        self._lock = threading.Lock()
        self._files_read = Once[list[Files]](4)
        self._cells_read = Once[Cells](2 * MOST_NOTEBOOKS)
        self._answers = Once[Answer](32)
        self._laid_out = Once[tuple[str, str]](64)
        self._drawings = Once[bytes](24)
        self._asks = lru_cache(None)(self._asks_of)

    # What the page is told

    def start(self) -> dict[str, Any]:
        """All that the page needs once."""
        setup, seen = self.setup, self._now()
        return {
            "run": self.run,
            "title": setup.title,
            "homework": setup.homework,
            "who": setup.who,
            "by": setup.by,
            "hidden": setup.hide_names,
            "tasks": [
                {"id": task.id, "question": task.question, "wrong": setup.is_wrong(task), "student": self._name(task)}
                for task in setup.tasks
            ],
            "walls": setup.walls,
            "remarks": setup.remarks if not setup.hide_names else self._without_names(),
            **self._of_rubric(seen),
        }

    def changes(self, since: int) -> dict[str, Any]:
        """What others did: always who looks at what; all marks if there is any entry after number `since`."""
        seen = self._now()
        claims = {self._id(each): each.who for each in self._marks.claims()}
        told: dict[str, Any] = {"run": self.run, "newest": seen.newest, "claims": claims}
        if seen.newest == since:
            return told
        questions = {question.id: question for question in seen.rubric.questions}
        marks = {self._ids[key]: _told(given, questions) for key, given in seen.last.items() if key in self._ids}
        return told | {"marks": marks, "graders": self._graders(seen), **self._of_rubric(seen)}

    def answer(self, name: str) -> dict[str, Any]:
        """One answer, fit to be put into the page."""
        task = self._task(name)
        answer, problems = self._answer(name), self.setup.wrong.get(task.student, ())
        html, plain = self._html(name)
        return {
            "id": name,
            "state": answer.state.value,
            "html": html,
            "typed": plain,
            "asks": self._asks(task.question),
            "notes": answer.notes,
            "wrong": list(problems),
            "behind": self.setup.behind.get(task.question, ""),
        }

    def figure(self, name: str, number: int) -> bytes:
        """A figure as PNG. Raises `Unknown` and `Unreadable`."""
        if not 0 <= number < len(self._answer(name).figures):
            raise Unknown("There is no such figure.")
        return self._drawn(name, number, -1)

    def document(self, name: str, number: int) -> dict[str, Any]:
        """How many pages a PDF has, and what stands on them."""
        found = self._draw("pdf", data=self._read(self._answer(name).documents, number))
        return {"pages": found["pages"], "texts": found["texts"]}

    def page(self, name: str, number: int, page: int) -> bytes:
        """A page of a PDF as PNG."""
        return self._drawn(name, number, page)

    # What the page says

    def open(self, name: str, page: str) -> dict[str, Any]:
        """Somebody looks at an answer in the window `page`: who has it now."""
        task = self._task(name)
        claim = self._marks.claim(task.question, task.student, self.setup.who, page, CLAIM_S)
        return {"mine": claim.page == page, "who": claim.who}

    def next(self, after: str, kind: Kind, page: str) -> dict[str, Any]:
        """The next unmarked answer, of all or of those with a wrong check, at which nobody looks; it is claimed.

        `busy` counts those that were passed over because somebody looks at them.
        """
        seen, busy = self._now(), 0
        asked = {question.id for question in seen.rubric.questions}
        others = {self._id(each) for each in self._marks.claims() if each.page != page}

        def wanted(task: Task) -> bool:
            open_still = task.question in asked and (task.student, task.question) not in seen.last
            return open_still and (kind == "ungraded" or self.setup.is_wrong(task))

        for task in following(self.setup.tasks, after, wanted):
            if task.id in others or not self.open(task.id, page)["mine"]:
                busy += 1
                continue
            return {"answer": task.id, "busy": busy}
        return {"answer": None, "busy": busy}

    def save(self, asked: Save) -> dict[str, Any]:
        """Saves a marking; it is on disk when this returns.

        Raises `MarkedMeanwhile` if somebody else marked the answer since the page saw it, and ValueError for what
        cannot be a marking, or not any more.
        """
        task, marking = self._task(asked.answer), asked.marking()
        sent = {marking}
        for each in asked.tried:
            try:
                sent.add(each.marking())
            except ValueError:
                continue  # it cannot have been saved

        def replaces(given: Given | None) -> bool:
            if given is None or given.entry == asked.base:
                return True
            return given.who == self.setup.who and given.marking in sent

        entry = self._marks.save(task.student, task.question, marking, self.setup.who, replaces)
        question = self._now().rubric.question(task.question)
        return {"entry": entry, "points": decimal(points_of(question, marking)) if question else ""}

    def current(self, name: str, given: Given | None) -> dict[str, Any]:
        """A marking as the page is told it, such as the one that somebody else was faster with."""
        questions = {question.id: question for question in self._now().rubric.questions}
        return _told(given, questions) if given else {}

    # How

    def _now(self) -> _Seen:
        with self._lock:
            newest = self._marks.newest()
            if self._seen is None or self._seen.newest != newest:
                history, first = self._marks.history(), self.setup.stands_for
                last = {(first.get(each.student, each.student), each.question): each for each in history}
                self._seen = _Seen(newest, self._marks.rubric(), history, last)
            return self._seen

    def _of_rubric(self, seen: _Seen) -> dict[str, Any]:
        used: dict[str, Counter[str]] = {}
        for given in reversed(seen.history):
            if given.marking.comment.strip():
                used.setdefault(given.question, Counter())[given.marking.comment.strip()] += 1
        return {
            "questions": [
                {
                    "id": question.id,
                    "title": question.title,
                    "points": decimal(question.points),
                    "floor": decimal(question.floor),
                    "items": [
                        {"id": item.id, "points": _signed(item.points), "value": str(item.points), "text": item.text,
                         "key": KEYS[at] if at < len(KEYS) else ""}
                        for at, item in enumerate(question.items)
                    ],
                    "comments": [text for text, _ in used.get(question.id, Counter()).most_common(MOST_COMMENTS)],
                }
                for question in seen.rubric.questions
            ]
        }  # fmt: skip

    def _graders(self, seen: _Seen) -> list[dict[str, Any]]:
        first = self.setup.stands_for
        given = [replace(each, student=first.get(each.student, each.student)) for each in seen.history]
        return [
            {
                "who": each.who,
                "count": each.answers,
                "mean": round(float(100 * each.share)),
                "apart": round(float(100 * each.difference)) if each.difference is not None else None,
                "seconds": round(each.took.total_seconds()) if each.took is not None else None,
            }
            for each in of_graders(seen.rubric, given)
            if not each.question
        ]

    def _without_names(self) -> list[str]:
        if not (count := len(self.setup.handed.left)):
            return []
        return [
            f"Of some submissions it is not sure whose they are (remarks: {count}). The terminal names them: "
            "look there before you give zero."
        ]

    def _name(self, task: Task) -> str:
        return "" if self.setup.hide_names else self.setup.names.get(task.student, task.student)

    def _id(self, claim: Claim) -> str:
        return self._ids.get((claim.student, claim.question), "")

    def _task(self, name: str) -> Task:
        if name not in self._tasks:
            raise Unknown("There is no such answer in this review. Load the page again.")
        return self._tasks[name]

    def _answer_of(self, name: str) -> Answer:
        task, setup = self._task(name), self.setup
        entries = setup.handed.entries.get(task.student, ())
        if not entries or setup.found is None:
            return Answer(State.NOTHING)
        files = self._files_read.get(task.student, lambda: self._files_of(task.student))
        answers = [answer_of(each, task.question, setup.asked, self._cells) for each in files]
        told = [entry.name if not setup.hide_names else f"submission {at}" for at, entry in enumerate(entries, 1)]
        return together(answers, told)

    def _files_of(self, student: str) -> list[Files]:
        assert self.setup.found is not None
        return [
            files_of(entry, self.setup.found, self.setup.files) for entry in self.setup.handed.entries.get(student, ())
        ]

    def _cells(self, data: bytes) -> Cells:
        def read() -> Cells:
            cells: Cells = self._draw("notebook", data=data)["cells"]
            return cells

        return self._cells_read.get(hashlib.sha256(data).digest(), read)

    def _answer(self, name: str) -> Answer:
        return self._answers.get(name, lambda: self._answer_of(name))

    def _html(self, name: str) -> tuple[str, str]:
        return self._laid_out.get(name, lambda: self._html_of(name))

    def _drawn(self, name: str, number: int, page: int) -> bytes:
        return self._drawings.get((name, number, page), lambda: self._picture_of(name, number, page))

    def _html_of(self, name: str) -> tuple[str, str]:
        answer = self._answer(name)
        return shown(answer, f"/run/{self.run}/answer/{name}", self._draw), typed(answer)

    def _asks_of(self, question: str) -> str:
        """What the handout asks there, as HTML."""
        for text in self.setup.asked.handed_out.values():
            if part := part_below(text, question, self.setup.asked.ids):
                return laid_out(part.text, self._draw)
        return ""

    def _picture_of(self, name: str, number: int, page: int) -> bytes:
        answer = self._answer(name)
        if page < 0:
            return bytes(self._draw("picture", data=self._read(answer.figures, number))["png"])
        return bytes(self._draw("page", data=self._read(answer.documents, number), page=page)["png"])

    def _read(self, blobs: Sequence[Any], number: int) -> bytes:
        if not 0 <= number < len(blobs):
            raise Unknown("There is no such file in this answer.")
        try:
            return bytes(blobs[number].read())
        except (Refused, OSError) as why:
            raise Unreadable(str(why)) from None


def _told(given: Given, questions: Mapping[str, Question]) -> dict[str, Any]:
    question, lacks, points = questions.get(given.question), "", ""
    try:
        points = decimal(points_of(question, given.marking)) if question else ""
    except NoSuchItem as error:
        lacks = str(error)
    marking = given.marking
    return {
        "entry": given.entry,
        "who": given.who,
        "items": marking.items,
        "adjustment": _signed(marking.adjustment) if marking.adjustment else "",
        "comment": marking.comment,
        "points": points,
        "lacks": lacks,
    }


def _signed(points: Fraction) -> str:
    text = decimal(points)
    if Fraction(text) != points:
        text = str(points)
    return text if points < 0 else f"+{text}"
