"""What happens in a run, for programs: one JSON object a line. docs/events.md describes them."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TextIO

from grader.commands.conclude import Run
from grader.commands.tally import Tally
from grader.judge.result import Result
from grader.report.account import Standing
from grader.report.class_summary import most_failed, slowest, summaries


class Stream:
    """Where events go. A reader that went away stops nothing."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream

    def say(self, event: str, **fields: object) -> None:
        """One event, with when it happened."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(json.dumps({"event": event, "at": at, **fields}) + "\n")
            self._stream.flush()

    def begun(self, assignment: str, jobs: int, standing: Standing) -> None:
        """What is about to happen, whose results stand, and whose are only compared with known mistakes."""
        again = {name: list(reasons) for name, reasons in standing.again.items()}
        kept, resumed = len(standing.kept), list(standing.resumed)
        self.say("begun", assignment=assignment, to_grade=jobs, kept=kept, resumed=resumed, again=again)
        for result in standing.kept.values():
            self.say("kept", **graded(result))

    def ended(self, run: Run, *, good: bool) -> None:
        """What the run came to. Each of the class is counted once: as graded, resumed, kept, not judged or left out."""
        results = [*run.results, *run.kept.values()]
        checks = summaries(results)
        self.say(
            "ended",
            status=0 if good else 1,
            graded=len(run.results) - len(run.resumed),
            resumed=len(run.resumed),
            kept=len(run.kept),
            errors=[each.submission for each in run.results if each.verdict == "grader_error"],
            not_judged=list(run.waiting),
            left_out={name: list(reasons) for name, reasons in run.left_out.items()},
            not_explained=sorted(run.unexplained),
            stopped=run.ended,
            slowest_checks=[
                {"check": each.id, "mean_cpu_seconds": each.mean_cpu_s, "most_cpu_seconds": each.most_cpu_s}
                for each in slowest(checks)
            ],
            most_failed=[
                {"check": each.id, "problem": each.problem, "failed": each.failed, "of": each.judged}
                for each in most_failed(checks)
            ],
        )


class Events:
    """Shows a run by events."""

    def __init__(self, stream: Stream, tally: Tally, why: Mapping[str, Sequence[str]]) -> None:
        self._stream, self._tally, self._why = stream, tally, why
        self.shown: AbstractContextManager[object] = nullcontext()

    def now(self, name: str, *, learning: bool) -> None:
        if learning:
            self._stream.say("learning", mistake=name)
        else:
            self._stream.say("started", submission=name, again=list(self._why.get(name, ())))

    def done(self, result: Result, *, finished: bool) -> None:
        tally = self._tally
        self._stream.say(
            "graded",
            **graded(result),
            finished=finished,
            done=tally.done,
            of=tally.total,
            running=sorted(tally.running),
            errors=tally.errors,
            per_minute=tally.per_minute,
            seconds_left=tally.left_s,
        )

    def explained(self, result: Result) -> None:
        self._stream.say("explained", **graded(result))

    def warning(self, text: str) -> None:
        self._stream.say("warning", text=text)

    def tick(self) -> None:
        pass  # a reader has a clock of its own


def graded(result: Result) -> dict[str, object]:
    """What events tell of a result."""
    return {
        "submission": result.submission,
        "verdict": result.verdict,
        "points": None if result.verdict == "grader_error" else str(result.points),
        "max_points": str(result.max_points),
        "cpu_seconds": result.cpu_seconds,
        "wall_seconds": result.wall_seconds,
    }
