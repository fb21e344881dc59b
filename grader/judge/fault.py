"""What a student reads when their code gave no answer: one message for each way that can happen."""

from __future__ import annotations

import re
import sys

from grader.errors import GraderError
from grader.judge.quote import Quotes
from grader.judge.verdict import CheckEnded
from grader.sandbox.replies import Raised, Reply

_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"  # with which submissions are read: it is ours


def fault(reply: Reply, probe: str, quotes: Quotes) -> CheckEnded:
    """The end of a check whose question `probe` got `reply` instead of an answer.

    The summary is made of our own words and of what `quotes` lets through, never of an exception's text: that may hold
    hidden inputs. Raises `GraderError` for a question that we put wrongly.
    """
    raised = reply.raised
    where = quotes.place(raised)
    detail = "\n".join(part for part in (_traceback(raised), reply.detail) if part)
    match reply.outcome:
        case "no_probe":
            raise GraderError(f"There is no probe {probe!r} in probes.py.")
        case "syntax_error":
            frame = raised.frames[-1] if raised and raised.frames else None
            at, which = (quotes.where(frame), "this line" if frame.line > 0 else "it") if frame else ("a file", "it")
            text = re.sub(r" \([^()]*, line \d+\)$", "", raised.message) if raised else ""
            return CheckEnded(
                "invalid",
                f"Python cannot read {at}: {text}.",
                hint=f"Correct {which}. Python {_PYTHON} reads it here: if your Python accepts it, it may need a newer "
                f"one, and has to be written so that {_PYTHON} accepts it too.",
                detail=detail,
            )
        case "not_implemented":
            return CheckEnded(
                "missing",
                f"This is not implemented yet{where}.",
                hint="Replace `raise NotImplementedError` by your solution.",
                detail=detail,
            )
        case "missing_name":
            module, _, name = (raised.name if raised else "").rpartition(".")
            holder = quotes.holder(module)
            return CheckEnded(
                "missing",
                f"{holder} has no `{name}`." if quotes.knows(module, name) else f"A name is missing{where}.",
                hint="Names must be spelt exactly as in the handout.",
                detail=detail,
            )
        case "bad_signature" if raised and (call := quotes.call(raised)):
            return CheckEnded(
                "crashed",
                f"A function could not be called as the handout says: {call}",
                hint="Keep the stub's parameter names and their order.",
                detail=detail,
            )
        case "recursion":
            return CheckEnded(
                "crashed",
                f"A function called itself without end (RecursionError){where}.",
                hint="Look for a call that leads back to itself.",
                detail=detail,
            )
        case "out_of_memory" | "memory_limit":
            return CheckEnded(
                "crashed",
                f"Your code asked for more memory than the limit allows{where}.",
                hint="Look at the shapes: a product that broadcasts (B, 1) against (B,) makes (B, B).",
                detail=detail,
            )
        case "exited":
            name = quotes.exception(raised) if raised else "SystemExit"
            return CheckEnded(
                "crashed",
                f"Your code ended the program ({name}){where}.",
                hint="Remove exit(), sys.exit() and quit() from functions and from the file's top level.",
                detail=detail,
            )
        case "raised" | "bad_signature":
            return _raised(raised, where, detail, quotes)
        case "unsendable":
            return CheckEnded(
                "failed",
                "What your function returned cannot be used as an answer.",
                came=reply.detail,
                expected="plain dense CPU tensors, numbers, text, lists or dicts, as in the handout",
                hint="Return exactly the type that the handout names.",
            )
        case "cpu_limit" | "wall_limit" if reply.importing:
            return CheckEnded(
                "timeout",
                f"Your code was stopped while it was imported{where}.",
                hint="Importing should only define things: look for a loop that never ends, and put what trains, waits "
                'or asks for input below `if __name__ == "__main__":`.',
                detail=detail,
            )
        case "cpu_limit":
            return CheckEnded(
                "timeout",
                f"Your code was stopped after {reply.cpu_s:.1f} s of computing{where}.",
                hint="Look for a loop that never ends, or one over elements where a tensor operation would do.",
                detail=detail,
            )
        case "wall_limit":
            return CheckEnded(
                "timeout",
                f"Your code was stopped after waiting for {reply.wall_s:.1f} s.",
                hint="Remove input(), sleep() and whatever waits for a file, a lock or the network.",
                detail=detail,
            )
        case "budget":
            return CheckEnded(
                "timeout",
                "There was no computing time left for this check: checks before it had used it up.",
                hint="First mend the checks that took too long.",
                detail=detail,
            )
        case "died":
            # Which status a process exits with is the student's choice, so it is not repeated here.
            by = re.search(r"killed (by SIG[A-Z0-9]+|for keeping more than \d+ MB of files)", reply.detail)
            return CheckEnded(
                "crashed",
                f"The Python process that ran your code {'was ' + by[0] if by else 'ended'}.",
                hint="Remove calls such as os._exit, os.kill and ctypes; very deep recursion can also do this.",
                detail=detail,
            )
        case "protocol":
            return CheckEnded(
                "crashed",
                "Your code disturbed the process that runs it: what came back was no answer to the question.",
                hint="Code that is handed in must not touch the grader's files, sockets or modules.",
                detail=detail,
            )
    raise GraderError(f"The sandbox reported an unknown outcome {reply.outcome!r}.")


def _raised(raised: Raised | None, where: str, detail: str, quotes: Quotes) -> CheckEnded:
    name = quotes.exception(raised) if raised else "an exception"
    if raised and raised.frames and raised.frames[-1].ours:
        line = quotes.line(raised.frames[-1])
        return CheckEnded(
            "failed",
            f"What your code returned could not be used ({name} in the probe's line `{line}`).",
            hint="Compare type and shape of what you return with the handout.",
            detail=detail,
        )
    no_files = "Processes cannot be started and files cannot be opened while grading; use num_workers=0."
    hint = no_files if name == "PermissionError" else ""
    return CheckEnded("crashed", f"Your code raised {name}{where}.", hint=hint, detail=detail)


def _traceback(raised: Raised | None) -> str:
    """All that the worker said of an exception, for those who may see hidden inputs."""
    if raised is None:
        return ""
    lines = [f"{frame.file}:{frame.line} in {frame.function}: {frame.text}" for frame in raised.frames]
    return "\n".join([*lines, f"{raised.type}: {raised.message}".removesuffix(": ")])
