"""What a student reads when a file of theirs could not be imported: one account of the whole file, however many checks
need it.

Only what the judge finds in its own copy of the submission is repeated.
"""

from __future__ import annotations

import re
import sys

from grader.judge.quote import Quotes
from grader.judge.verdict import CheckEnded, Verdict
from grader.sandbox.replies import Frame, Raised, Reply

MAIN = '`if __name__ == "__main__":`'
NO_DEBUGGER = "Remove breakpoint() and set_trace() before you hand in."
NO_NETWORK = "Nothing can be downloaded while grading, and no data is needed: remove the line."
_NETWORK = ("URLError", "gaierror", "ConnectionError", "ConnectionRefusedError", "RequestException", "HTTPException")
FILES = ("FileNotFoundError", "NotADirectoryError", "IsADirectoryError", "PermissionError")


def not_imported(reply: Reply, quotes: Quotes, detail: str) -> CheckEnded:
    """The end of each check that needs the module `reply.module`; "" says that nobody knows which one it was."""
    file = quotes.holder(reply.module) if reply.module else ""
    if reply.outcome == "syntax_error":
        return unreadable(reply.raised, quotes, detail, file)
    top = top_line(reply.raised, quotes)
    at = f" ({quotes.where(top)}, at the top level: `{quotes.line(top)}`)" if top else ""
    verdict, what, hint = _told(reply, quotes, quotes.line(top) if top else "", at)
    summary = f"Importing {file or 'your files'} {what}"
    return CheckEnded(verdict, summary, hint=hint, detail=detail, file=file or "your files")


def unreadable(raised: Raised | None, quotes: Quotes, detail: str, file: str = "") -> CheckEnded:
    """The same of a file that Python cannot compile."""
    frame = raised.frames[-1] if raised and raised.frames else None
    at, which = (quotes.where(frame), "this line" if frame.line > 0 else "it") if frame else ("a file", "it")
    text = re.sub(r" \([^()]*, line \d+\)$", "", raised.message) if raised else ""
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return CheckEnded(
        "invalid",
        f"Python cannot read {at}: {text}.",
        hint=f"Correct {which}. {version} reads it here: if your Python accepts it, it may need a newer one, and "
        f"has to be written so that {version} accepts it too.",
        detail=detail,
        file=file,
    )


def top_line(raised: Raised | None, quotes: Quotes) -> Frame | None:
    """The innermost line of the student's that stands at the top level of a file: what the import was doing."""
    frames = raised.frames if raised else ()
    found = [frame for frame in frames if frame.function == "<module>" and not frame.ours and quotes.line(frame)]
    return found[-1] if found else None


def wants_network(raised: Raised) -> bool:
    """Whether an exception is one of those with which a download fails."""
    return any(name in _NETWORK for name in (raised.type, *raised.bases))


def debugger_line(raised: Raised | None, quotes: Quotes) -> Frame | None:
    """Where a debugger was left in, for an exception that came from one: it stops at the line after, or further out."""
    if raised is None or "BdbQuit" not in (raised.type, *raised.bases):
        return None
    own = [(frame.file, frame.line) for frame in reversed(raised.frames) if not frame.ours]
    # Where a function ended with it, the debugger stopped in the probe that had called the function.
    places = [*own, *((file, 0) for file in quotes.sources)]
    return next((found for place in places if (found := quotes.debugger(*place))), None)


def _told(reply: Reply, quotes: Quotes, line: str, at: str) -> tuple[Verdict, str, str]:
    """Verdict, what happened, and what to try."""
    raised = reply.raised
    outside = f"Put what is to run when you start the file below {MAIN}. An import should only define things"
    match reply.outcome:
        case "not_imported":
            other = quotes.holder(raised.name) if raised else "another file"
            return "crashed", f"fails{at}: it needs {other}, which cannot be imported.", f"Mend {other} first."
        case "cpu_limit":
            return "timeout", f"takes too long{at}.", f"{outside}; if nothing is to run, look for a loop without end."
        case "wall_limit":
            return (
                "timeout",
                f"waits, and was stopped after {reply.wall_s:.0f} s{at}.",
                f"{outside}. Remove input(), sleep() and whatever waits for a file or the network.",
            )
        case "exited":
            first = "The command line is empty here" if "parse_args" in line else "Remove exit(), sys.exit() and quit()"
            return "crashed", f"ends the program{at}.", f"{first}. {outside}."
        case "not_implemented":
            return "crashed", f"fails{at}: this needs a part that is not implemented yet.", f"{outside}."
        case "recursion":
            return "crashed", f"fails{at}: a function called itself without end.", f"Mend that line. {outside}."
        case "out_of_memory" | "memory_limit":
            return "crashed", f"takes more memory than the limit allows{at}.", f"{outside}."
        case "died" | "protocol" | "budget":
            how = re.search(r"killed by SIG[A-Z0-9]+", reply.detail)
            by = f" (it was {how[0]})" if how else ""
            return "crashed", f"ended the Python process{by}.", f"Remove os._exit, os.kill and ctypes. {outside}."
    what, hint = _raised(raised, quotes, line, at)
    return "crashed", what, hint


def _raised(raised: Raised | None, quotes: Quotes, line: str, at: str) -> tuple[str, str]:
    name = quotes.exception(raised) if raised else "an exception"
    outside = f"or put it below {MAIN}"
    if raised and (left := debugger_line(raised, quotes)):
        where = f" ({quotes.where(left)}: `{quotes.line(left)}`)"
        return f"stops at a debugger that was left in{where}.", NO_DEBUGGER
    if name == "ModuleNotFoundError" and raised and (absent := quotes.imports(raised.name)):
        return f"fails{at}: there is no module `{absent}` here.", no_module(absent, quotes)
    if name == "EOFError" and "input" in line:
        return f"fails{at}: it asks for input, and nobody is there to answer.", f"Remove input(), {outside}."
    if raised and wants_network(raised):
        return f"fails{at}: it wants the network, which is out of reach while grading.", NO_NETWORK
    if name in FILES:
        why = "this file is not here" if name != "PermissionError" else "this is not allowed while grading"
        hint = f"We take only {quotes.files}: no data and no other file. Programs and the network are out of reach."
        return f"fails{at}: {why} ({name}).", f"{hint} Remove the line, {outside}."
    said = quotes.said(raised, importing=True) if raised else ""
    return f"fails{at}: {said or name}.", f"Mend this line, {outside} if it is only a trial of yours."


def no_module(name: str, quotes: Quotes) -> str:
    """What to do about an import of something that is not here."""
    needed = ", ".join(quotes.packages)
    return (
        f"Do without it: this homework needs only {needed} and what comes with Python. Is {name}.py a file of yours? "
        f"We take only {quotes.files}: copy what you need into your module."
    )
