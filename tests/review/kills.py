"""Two graders mark while their servers are killed at random: what they had typed must be in the book, and once.

A grader here does what the page's script does: one request at a time for each answer, again until it is confirmed, with
what was sent before and never answered.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from reviewed import HOMEWORK, QUESTIONS, Client, Server, write_class, write_course

from grader.book.rows import Alias, Student
from grader.book.store import Book
from grader.hand.marking import Marking

ITEMS = {"1a": ("reason", "figure", "third", "rest", "wrong"), "1b": ("step1", "step2", "step13"), "2": ("done",)}
GRADERS = ("ada", "alan")
LONGEST_S = 1.5  # from a server's start to its end


@dataclass
class Grader:
    """Somebody who marks on and on, in a thread of its own."""

    server: Server
    students: list[str]
    seed: str
    wanted: dict[tuple[str, str], Marking] = field(default_factory=dict)  # the last thing typed of each answer
    confirmed: int = 0
    unanswered: int = 0
    refused: list[object] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        chance = random.Random(self.seed)
        ids: dict[tuple[str, str], str] = {}
        bases: dict[tuple[str, str], str] = {}
        while not self.ended.is_set():
            answer = chance.choice(self.students), chance.choice(QUESTIONS)
            tried: list[dict[str, object]] = []
            while True:
                items = sorted(item for item in ITEMS[answer[1]] if chance.random() < 0.5)
                said = {
                    "items": items,
                    "adjustment": chance.choice(["", "1/3", "-0.5"]),
                    "comment": chance.choice(["", "So."]),
                }
                self.wanted[answer] = _marking(said)
                while not self._sent(answer, said, tried, ids, bases):
                    if chance.random() < 0.3:
                        break  # another key before the first was confirmed
                else:
                    break

    def _sent(
        self,
        answer: tuple[str, str],
        said: dict[str, object],
        tried: list[dict[str, object]],
        ids: dict[tuple[str, str], str],
        bases: dict[tuple[str, str], str],
    ) -> bool:
        if said not in tried:
            tried.append(said)
        try:
            client = Client(self.server)
            if not ids:
                for task, name in _tasks(client, self.students):
                    ids[task] = name
            status, told = client.post(
                "/api/save", answer=ids[answer], **said, base=bases.get(answer, ""), tried=list(tried)
            )
        except (OSError, ValueError, KeyError, TypeError, AssertionError, EOFError, ConnectionError):
            self.unanswered += 1
            time.sleep(0.02)
            return False
        except Exception as error:  # http.client has several of its own
            if "http" not in type(error).__module__:
                raise
            self.unanswered += 1
            return False
        if status != 200:
            self.refused.append((status, told))
            return True
        bases[answer] = told["entry"]
        self.confirmed += 1
        return True


@dataclass
class Report:
    """What came of it. `lost` and `doubled` should be empty."""

    kills: int
    confirmed: int
    unanswered: int
    entries: int
    lost: list[object]
    doubled: list[object]
    refused: list[object]


def reviewed_under_kills(folder: Path, url: str, kills: int, seed: int) -> Report:
    """Two graders share a class, and a server is killed so often. Deterministic but for the machine's moments."""
    chance = random.Random(seed)
    students = [f"s{number}" for number in range(8)]
    course, submissions = write_course(folder / "course"), write_class(folder / "class", students)
    with Book.open(url) as book:
        book.enter([Student(key, key) for key in students], who="t", why="t")
        book.enter([Alias(key, "results", key) for key in students], who="t", why="t")
    servers = [Server(course, submissions, url, who, folder).start() for who in GRADERS]
    graders = [Grader(server, students[at::2], f"{seed}-{at}") for at, server in enumerate(servers)]
    threads = [threading.Thread(target=grader.run) for grader in graders]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0, LONGEST_S))
            server = chance.choice(servers)
            server.kill()
            server.start()
    finally:
        for grader in graders:
            grader.ended.set()
        for thread in threads:
            thread.join()
        for server in servers:
            server.kill()
    with Book.open(url) as book:
        found = {key: given.marking for key, given in book.markings(HOMEWORK).items()}
        history = book.all_markings(HOMEWORK)
    wanted = graders[0].wanted | graders[1].wanted
    lost = [(key, marking, found.get(key)) for key, marking in wanted.items() if found.get(key) != marking]
    last: dict[object, object] = {}
    doubled: list[object] = []
    for each in history:
        key = each.student, each.question
        if last.get(key) == each.marking:
            doubled.append((key, each.marking))
        last[key] = each.marking
    return Report(
        kills,
        sum(grader.confirmed for grader in graders),
        sum(grader.unanswered for grader in graders),
        len(history),
        lost,
        doubled,
        [each for grader in graders for each in grader.refused],
    )


def _tasks(client: Client, students: list[str]) -> list[tuple[tuple[str, str], str]]:
    known = {student: student for student in students}
    return [
        ((known[task["student"]], task["question"]), task["id"])
        for task in client.get("/api/start")["tasks"]
        if task["student"] in known
    ]


def _marking(said: dict[str, object]) -> Marking:
    from grader.review.desk import Content

    return Content.model_validate(said).marking()
