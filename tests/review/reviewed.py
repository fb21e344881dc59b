"""A course of one homework with written questions, a class, and the review's server as a process that can be killed."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.book.rows import Alias, Student
from grader.book.store import Book

REPOSITORY = Path(__file__).parents[2]
HOMEWORK = "hw9_words"
QUESTIONS = ("1a", "1b", "2")
STUDENTS = [f"s{number:02}" for number in range(1, 13)]
PATIENCE_S = 60.0
WRITTEN = """# HW9

Name:

## Problem 1: two questions

### 1a. Why (2 points)

Say why, and show it.

> *your answer*

![why](why.png)

### 1b. How (6 points)

> *your answer*

## Problem 2: one more (1 point)

> *your answer*
"""
ASSIGNMENT = f"""name = "{HOMEWORK}"
title = "Words"
modules = ["words.py"]
hand_in = ["written.md", "*.png"]
problems = [
    {{ id = "1", title = "Two questions", kind = "written", points = 8 }},
    {{ id = "2", title = "One more", kind = "written", points = 1 }},
    {{ id = "3", title = "Code", kind = "code", points = 3 }},
]
"""
RUBRIC = (
    """
[[questions]]
problem = "1"
id = "1a"
title = "Why"
points = 2
items = [
    { id = "reason", points = "1", text = "a reason" },
    { id = "figure", points = "1/2", text = "the figure" },
    { id = "third", points = "1/3", text = "a third of it" },
    { id = "rest", points = "1", text = "the rest" },
    { id = "wrong", points = "-1", text = "something wrong" },
]

[[questions]]
problem = "1"
id = "1b"
title = "How"
points = 6
items = [
"""
    + "".join(f'    {{ id = "step{number}", points = "1/2", text = "step {number}" }},\n' for number in range(1, 14))
    + """]

[[questions]]
problem = "2"
id = "2"
title = "One more"
points = 1
items = [{ id = "done", points = "1", text = "it is there" }]
"""
)  # 13 items: more than there are digits


def write_course(folder: Path) -> Path:
    """A course in `folder`."""
    homework, solution = folder / "assignments" / HOMEWORK, folder / "solutions" / HOMEWORK
    for place in (homework, solution):
        place.mkdir(parents=True)
    (folder / "course.toml").write_text(
        f'title = "A course"\nlate_days = 0\n\n[[homeworks]]\nname = "{HOMEWORK}"\nweight = 1\n'
    )
    (homework / "assignment.toml").write_text(ASSIGNMENT)
    (homework / "written.md").write_text(WRITTEN)
    (solution / "rubric.toml").write_text(RUBRIC)
    return folder


def picture(width: int, height: int) -> bytes:
    """A black PNG of one bit a pixel: of 50,000 x 50,000 pixels it has 300 KB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packing = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join(packing.compress(row) for _ in range(height)) + packing.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def answered(**answers: str) -> str:
    """written.md with these answers, by question: `answered(q1a="Because")`."""
    text = WRITTEN
    for name, answer in answers.items():
        heading = next(line for line in text.splitlines() if re.match(rf"#+ (Problem )?{name[1:]}\b", line))
        before, after = text.split(heading)
        text = f"{before}{heading}{after.replace('> *your answer*', answer, 1)}"
    return text


def write_class(folder: Path, students: list[str]) -> Path:
    """What a class handed in: each student a folder with answers to all questions."""
    for number, student in enumerate(students):
        place = folder / student
        place.mkdir(parents=True)
        (place / "words.py").write_text("x = 1\n")
        (place / "written.md").write_text(
            answered(q1a=f"Because of ${number}^2$.", q1b=f"In {number} **steps**.", q2=f"Number {number}.")
        )
        (place / "why.png").write_bytes(picture(120, 80))
    return folder


def begin_book(url: str, students: list[str]) -> None:
    """A book of these students, who are called by their keys in results."""
    with Book.open(url) as book:
        people = [Student(key, f"Student {key[1:]}") for key in students]
        book.enter([*people, *(Alias(key, "results", key) for key in students)], who="roster.csv", why="begin")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@dataclass
class Server:
    """`grader review` as a process of its own, which can be killed and started again."""

    course: Path
    submissions: Path
    url: str
    who: str
    keep: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def start(self) -> Server:
        """Starts it, and waits until it listens."""
        command = [sys.executable, "-m", "grader", "--course", str(self.course), "review", HOMEWORK]
        command += ["--submissions", str(self.submissions), "--book", self.url, "--who", self.who]
        command += ["--keep", str(self.keep), "--port", str(self.port), *self.options]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "300"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=self.course
        )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.match(r"\s+(http://\S+)", line):
                self.address = found[1]
                break
        else:
            raise AssertionError("".join(said))
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return self
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the server does not listen")

    def kill(self) -> None:
        """As a power cut would: nothing of it may be left to do."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()
            self.process = None

    def __enter__(self) -> Server:
        return self if self.process else self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()


class Client:
    """Asks a server as its page does."""

    def __init__(self, server: Server) -> None:
        self.port = server.port
        token = server.address.partition("token=")[2]
        reply = self.raw("GET", f"/?token={token}")
        self.cookie = str(reply.headers["set-cookie"]).partition(";")[0]

    def raw(self, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
        """One request, with what a browser would add; a header of "" is left out. The reply's `text` is its body."""
        origin = {"Origin": f"http://127.0.0.1:{self.port}"} if method != "GET" else {}
        sent = {"Host": f"127.0.0.1:{self.port}", **origin}
        if hasattr(self, "cookie"):
            sent["Cookie"] = self.cookie
        data = b""
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value:
                    connection.putheader(name, value)
            if data:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data or None)
            reply = connection.getresponse()
            reply.text = reply.read()  # type: ignore[attr-defined]
            return reply
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        reply = self.raw("GET", path)
        assert reply.status == 200, (reply.status, reply.text)
        return json.loads(reply.text)

    def post(self, path: str, **body: Any) -> tuple[int, Any]:
        reply = self.raw("POST", path, body)
        return reply.status, json.loads(reply.text)
