"""Grades the class of attacks and writes what came of it: `python run_class.py SETTINGS.json`.

A process of its own, so that it can run as another user and so that nothing of a test runner is in the way.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import composing
from rich.console import Console

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.judge.result import Result
from grader.report.class_file import write_class
from grader.report.files import write_result
from grader.report.terminal import class_table, show

LEAK = "LEAKED"
MARK = "lat-attack-"
MESSAGE_QUEUE = 0x1A7A77AC


class Surroundings:
    """What attacks aim at: files with secrets, sockets that listen, a process that counts signals."""

    def __init__(self, folder: Path, solution: Path) -> None:
        self.folder, self.solution = folder, solution
        self.canaries = [folder / "readable.txt", folder / "private.txt", folder / "other_student" / "multitask.py"]
        (folder / "other_student").mkdir()
        for path, mode in zip(self.canaries, (0o644, 0o600, 0o644), strict=True):
            path.write_text(secret())
            path.chmod(mode)
        reference, check = solution / "multitask.py", solution / "checks" / "test_2_total_loss.py"
        for path in (reference, check):
            path.write_text(f"{path.read_text()}\n# {secret()}\n")
        self.solution_files = [reference, check]
        os.environ["GRADER_TEST_SECRET"] = secret()
        self.signals: list[int] = []
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGIO, signal.SIGURG):
            signal.signal(number, lambda number, _: self.signals.append(number))
        self.tcp, self.udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tcp.bind(("127.0.0.1", 0))
        self.udp.bind(self.tcp.getsockname())
        self.by_file, self.by_name = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.socket_file, self.socket_name = str(folder / "socket"), secrets.token_hex(8)
        self.by_file.bind(self.socket_file)
        os.chmod(self.socket_file, 0o777)
        self.by_name.bind("\0" + self.socket_name)
        for listener in (self.tcp, self.by_file, self.by_name):
            listener.listen()
        for listener in (self.tcp, self.udp, self.by_file, self.by_name):
            listener.setblocking(False)
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # orphans of ours come to us, so that none can hide
        self.before = self.state()

    def knowledge(self) -> dict[str, object]:
        """What an attacker might have found out: every name and number, but no secret."""
        return {
            "JUDGE": os.getpid(),
            "CANARIES": [str(path) for path in self.canaries],
            "SOLUTION_FILES": [str(path) for path in self.solution_files],
            "REPOSITORY": str(Path(__file__).parents[2]),
            "PORT": self.tcp.getsockname()[1],
            "SOCKET_FILE": self.socket_file,
            "SOCKET_NAME": self.socket_name,
            "MARK": MARK,
            "LEAK": LEAK,
        }

    def state(self) -> list[str]:
        """Content, mode and time of everything that no attack may change."""
        files = [path for path in sorted(self.solution.rglob("*")) if ".cache" not in path.parts]
        lines = []
        for path in (*self.canaries, *files):
            if "__pycache__" in path.parts:
                continue
            about = path.stat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            times = "" if path.is_dir() else about.st_mtime_ns
            lines.append(f"{path} {about.st_mode:o} {about.st_uid}:{about.st_gid} {times} {content}")
        return lines

    def harm(self) -> dict[str, Any]:
        """What should all be empty afterwards."""
        return {
            "changed": sorted(set(self.before) ^ set(self.state())),
            "signals": self.signals,
            "connections": [kind for kind, listener in self.listeners() if arrived(listener)],
            "processes": list(processes()),
            "files": list(files_left(self.folder)),
            "queues": [line for line in Path("/proc/sysvipc/msg").read_text().split() if line == str(MESSAGE_QUEUE)],
        }

    def listeners(self) -> list[tuple[str, socket.socket]]:
        return [("tcp", self.tcp), ("udp", self.udp), ("unix", self.by_file), ("abstract", self.by_name)]


def secret() -> str:
    return f"CANARY-{secrets.token_hex(4)}"


def arrived(listener: socket.socket) -> bool:
    try:
        _ = listener.recv(1) if listener.type == socket.SOCK_DGRAM else listener.accept()
    except BlockingIOError:
        return False
    return True


def processes() -> Iterator[str]:
    """Children of ours, by birth or by adoption, and whatever carries our fork server's command line."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.1)
        except ChildProcessError:
            break
    else:
        yield "a child of the judge"
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"grader-scratch-{os.getpid()}-".encode() in path.read_bytes():
                yield str(path)
        except OSError:
            continue


def files_left(folder: Path) -> Iterator[str]:
    """Files that an attack made, or that the sandbox did not clean up."""
    top = {Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path.cwd(), Path.home(), *map(Path, sys.path)}
    for place in top:
        if place.is_dir() and os.access(place, os.R_OK):  # root's home is closed to others, and to attacks with them
            for name in os.listdir(place):
                if MARK in name or name.startswith(f"grader-scratch-{os.getpid()}-"):
                    yield str(place / name)
    for at, folders, names in os.walk(folder):
        yield from (os.path.join(at, name) for name in (*folders, *names) if MARK in name)


def jobs(assignment: Assignment, knowledge: dict[str, object], only: list[str]) -> list[Job]:
    """Honest work before, between and after the attacks; the wrong work by itself."""
    reference = (assignment.solution / "multitask.py").read_text().split("# CANARY-")[0]
    base = composing.wrong(reference)
    made = [Job("honest-first", modules={"multitask": reference}), Job("base", modules={"multitask": base})]
    for number, attack in enumerate(composing.attacks()):
        if only and attack.name not in only:
            continue
        text = composing.armed(base, attack, knowledge)
        for copy in range(attack.copies):
            made.append(Job(f"attack-{attack.name}-{copy}", modules={"multitask": text}))
        if number % 12 == 5:
            made.append(Job(f"honest-{number}", modules={"multitask": reference}))
    return [*made, Job("honest-last", modules={"multitask": reference})]


def shown(results: list[Result]) -> str:
    """All that the terminal shows of the class, to staff and to students."""
    text = io.StringIO()
    console = Console(file=text, width=160, color_system=None)
    console.print(class_table(results))
    for result in results:
        show(console, result, staff=True)
        show(console, result.for_student(), staff=False)
    return text.getvalue()


def main(settings: dict[str, Any]) -> None:
    assignment = load_course(Path(settings["course"])).assignment("hw0")
    out = Path(settings["out"])
    surroundings = Surroundings(out, assignment.solution)
    began, results = time.monotonic(), []
    for _, result in grade(
        jobs(assignment, surroundings.knowledge(), settings.get("only", [])),
        assignment,
        grading_seed=settings.get("seed", 2026),
        confinement=settings["confinement"],
        only=composing.PROBLEMS,
    ):
        results.append(result)
        write_result(out / "results", result)
        if settings.get("verbose"):
            print(
                f"{time.monotonic() - began:6.1f} {result.submission:45} {result.points} {result.verdict}", flush=True
            )
    write_class(out / "results" / "class.csv", results)
    (out / "shown.txt").write_text(shown(results), encoding="utf-8", newline="")
    observed = {"seconds": time.monotonic() - began, "harm": surroundings.harm()}
    (out / "observed.json").write_text(json.dumps(observed, indent=1))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
