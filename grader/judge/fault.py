"""What a student reads when their code gave no answer: one message for each way that can happen."""

from __future__ import annotations

import ast
import re

from grader.errors import GraderError
from grader.judge.complaints import meaning
from grader.judge.importing import (
    FILES,
    NO_DEBUGGER,
    NO_NETWORK,
    debugger_line,
    no_module,
    not_imported,
    unreadable,
    wants_network,
)
from grader.judge.quote import PROBES, Quotes
from grader.judge.verdict import CheckEnded
from grader.sandbox.replies import Raised, Reply


def fault(reply: Reply, probe: str, quotes: Quotes) -> CheckEnded:
    """The end of a check whose question `probe` got `reply` instead of an answer.

    The summary is made of our own words and of what `quotes` lets through, never of an exception's text: that may hold
    hidden inputs. Raises `GraderError` for a question that we put wrongly.
    """
    raised = reply.raised
    where = quotes.place(raised)
    detail = "\n".join(part for part in (_traceback(raised), reply.detail) if part)
    if reply.importing and reply.outcome != "missing_name":  # probes may import the names that they need
        return not_imported(reply, quotes, detail)
    match reply.outcome:
        case "no_probe":
            raise GraderError(f"There is no probe {probe!r} in probes.py.")
        case "syntax_error":
            return unreadable(raised, quotes, detail)
        case "not_implemented":
            if quotes.in_a_document:
                hint = "Write it below its heading, behind the `=`."
                return CheckEnded("missing", f"There is no answer yet{where}.", hint=hint, detail=detail)
            hint = "Replace `raise NotImplementedError` by your solution."
            return CheckEnded("missing", f"This is not implemented yet{where}.", hint=hint, detail=detail)
        case "missing_name":
            module, _, name = (raised.name if raised else "").rpartition(".")
            if module in quotes.absent:
                return CheckEnded("missing", quotes.absent[module], detail=detail, file=f"{module}.py")
            holder, near = quotes.holder(module), quotes.near(module, name)
            known = quotes.knows(module, name)
            return CheckEnded(
                "missing",
                f"{holder} has no `{name}`{f', but `{near}`' if near else ''}."
                if known
                else f"A name is missing{where}.",
                hint=f"Is `{near}` meant to be `{name}`? Rename it."
                if known and near
                else "Names must be spelt exactly as in the handout.",
                detail=detail,
            )
        case "bad_signature" if raised and (call := quotes.call(raised, probe)):
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
        case "raised" | "bad_signature" | "not_imported":
            return _raised(raised, where, detail, quotes, probe)
        case "unsendable":
            return CheckEnded(
                "failed",
                "What your function returned cannot be used as an answer.",
                came=reply.detail,
                expected="plain dense CPU tensors, numbers, text, lists or dicts, as in the handout",
                hint="Return exactly the type that the handout names.",
            )
        case "cpu_limit":
            return CheckEnded(
                "timeout",
                f"Your code was stopped after {reply.cpu_s:.0f} s of computing{where}.",
                hint="Look for a loop that never ends, or one over elements where a tensor operation would do.",
                detail=detail,
            )
        case "wall_limit":
            return CheckEnded(
                "timeout",
                f"Your code was stopped after waiting for {reply.wall_s:.0f} s.",
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


def forgotten(probe: str, quotes: Quotes) -> str:
    """The hint for an answer that is None because no line returns one; "" where one does."""
    name = quotes.without_return(probe)
    return f"`{name}` has no line that returns a value, so it gives None: did you forget `return`?" if name else ""


def _raised(raised: Raised | None, where: str, detail: str, quotes: Quotes, probe: str) -> CheckEnded:
    name = quotes.exception(raised) if raised else "an exception"
    if left := debugger_line(raised, quotes):
        return CheckEnded(
            "crashed",
            f"Your code stopped at a debugger that was left in ({quotes.where(left)}: `{quotes.line(left)}`).",
            hint=NO_DEBUGGER,
            detail=detail,
        )
    if raised and raised.frames and raised.frames[-1].ours:
        return _in_a_probe(raised, name, where, detail, quotes, probe)
    no_files = "Processes cannot be started and files cannot be opened while grading; use num_workers=0."
    hint = NO_NETWORK if raised and wants_network(raised) else no_files if name == "PermissionError" else ""
    hint = hint or _hint(name, raised, quotes)
    said = quotes.said(raised) if raised else ""
    return CheckEnded(
        "crashed", f"Your code raised {name}{where}{f': {said}' if said else ''}.", hint=hint, detail=detail
    )


def _words(line: str) -> str:
    """What a line that raises would say, with dots for what is only known when it runs; otherwise the line itself.

    What it did say came from the worker, where the student's code could have put anything in.
    """
    try:
        (raising,) = ast.parse(line).body
    except (SyntaxError, ValueError):
        return f"`{line}`"
    call = raising.exc if isinstance(raising, ast.Raise) else None
    said = call.args[0] if isinstance(call, ast.Call) and call.args else None
    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
    words = [part.value if isinstance(part, ast.Constant) else "..." for part in parts]
    return "".join(map(str, words)) if words != ["..."] else f"`{line}`"


_TAKES_APART = re.compile(r"\w+(?:, *\w+)+ = ")  # a line that unpacks what a function returned


def _in_a_probe(raised: Raised, name: str, where: str, detail: str, quotes: Quotes, probe: str) -> CheckEnded:
    """An exception in a line of a probe: because of what the student's code returned, or of how it called back."""
    line, said = quotes.line(raised.frames[-1]), quotes.said(raised)
    why = f": {said}" if said else ""
    if where:  # a function that the probe handed in
        return CheckEnded(
            "crashed",
            f"Your code called a function that it was given, and that raised {name} in `{line}`{where}{why}.",
            hint=f"{meaning(raised.message)} Compare what you pass, and in which order, with the handout.".strip(),
            detail=detail,
        )
    if line.startswith("raise "):  # what it looks for is in its words
        what = _words(line) if raised.frames[-1].file == PROBES else f"`{line}`"  # the worker says whose line it is
        return CheckEnded(
            "failed",
            f"The probe did not find in your code what it looks for: {what}.",
            hint="Compare the parameters that your module has, and their shapes, with the handout.",
            detail=detail,
        )
    hint = forgotten(probe, quotes)
    if not hint and name in ("TypeError", "ValueError") and (left := _TAKES_APART.match(line)):
        hint = f"This line takes apart what you return: it has to be {left[0].count(',') + 1} values, in this order."
    return CheckEnded(
        "failed",
        f"What your code returned could not be used ({name} in the probe's line `{line}`){why}.",
        hint=hint or meaning(raised.message) or "Compare type and shape of what you return with the handout.",
        detail=detail,
    )


def _hint(name: str, raised: Raised | None, quotes: Quotes) -> str:
    """What to try about an exception whose cause is plain; "" where it is not."""
    message = raised.message if raised else ""
    here = quotes.beside(raised) if raised else frozenset()
    if name == "ModuleNotFoundError" and raised and (absent := quotes.imports(raised.name)) in here:
        return f"There is no module `{absent}` here. {no_module(absent, quotes)}"
    if name in FILES:
        return f"We take only {quotes.files}: no data and no other file is here."
    if name == "EOFError":
        return "Remove input(): nobody is there to answer."
    if name == "NameError" and (lost := _LOST.search(message)) and lost[1] in here:
        if quotes.of_self(lost[1]):
            return f"Is `self.{lost[1]}` meant?"
        if usual := _USUAL.get(lost[1]):
            return f"Among your imports, `{usual}` is missing."
    lost = _NO_ATTRIBUTE.search(message) if name == "AttributeError" else None
    if lost and lost[1] in here and quotes.of_self(lost[1]) == "read":
        return f"Nothing assigns `self.{lost[1]}`: is that forgotten in `__init__`?"
    if _BUILT_IN.match(message) and quotes.stars:
        return (
            "`from torch import *` puts PyTorch's function in the place of Python's own: import what you need by name."
        )
    return meaning(message)


_BUILT_IN = re.compile(r"(?:sum|max|min|all|any|abs|round|pow)\(\)[ :]")
_USUAL = {
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "functional": "from torch.nn import functional",
    "Tensor": "from torch import Tensor",
    "np": "import numpy as np",
    "math": "import math",
    "random": "import random",
}
_LOST = re.compile(r"^name '(\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(r"^'\w+' object has no attribute '(\w+)'")


def _traceback(raised: Raised | None) -> str:
    """All that the worker said of an exception, for those who may see hidden inputs."""
    if raised is None:
        return ""
    lines = [f"{frame.file}:{frame.line} in {frame.function}: {frame.text}" for frame in raised.frames]
    return "\n".join([*lines, f"{raised.type}: {raised.message}".removesuffix(": ")])
