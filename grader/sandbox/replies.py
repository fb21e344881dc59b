"""What the judge gets back for one request, read from a worker's reply and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from grader.sandbox.wire import WireError
from grader.text import clean

# Reported by the worker about the student's code, and no more trustworthy than any other answer.
REPORTED = (
    "returned",
    "raised",
    "not_implemented",
    "missing_name",
    "bad_signature",
    "syntax_error",
    "not_imported",
    "recursion",
    "out_of_memory",
    "exited",
    "unsendable",
    "no_probe",
)
# Seen by the judge from outside.
OBSERVED = (
    "cpu_limit",  # the call used up its CPU time
    "wall_limit",  # the call took too long by the clock without using its CPU time
    "memory_limit",  # killed for the memory it took
    "died",  # the process ended: `detail` names the signal or the exit code
    "protocol",  # what came was not a valid reply to the question
    "budget",  # the time of the problem, or of the whole submission, was used up
)
OUTCOMES = REPORTED + OBSERVED

DISTURBED = (
    "disturbed"  # a channel's word for an end by a signal from outside the sandbox, until a host has dealt with it
)
STOPPED = "stopped"  # a worker's word for "cpu_limit", when it could still say in which line

MAX_MESSAGE = 4000
MAX_MODULES = 16


@dataclass(frozen=True)
class Limits:
    """Limits of one worker. CPU seconds decide; wall-clock seconds are a backstop for calls that only wait.

    A call may take ten times the budget of its check, because a machine can be slow and a right solution can be a loop:
    the budget is only held against the median of right solutions. What the checks of one problem may take together is
    limited too, so that a loop that never ends costs no other problem its time.
    """

    call_cpu_s: float = 20.0  # in a check with a budget of 2 s or less; in proportion to a larger one
    call_wall_s: float = 30.0
    import_cpu_s: float = 10.0
    import_wall_s: float = 40.0
    problem_cpu_s: float = 120.0
    total_cpu_s: float = 600.0
    memory_mb: int = 1500
    scratch_mb: int = 32
    processes: int = 32  # threads count as processes
    open_files: int = 128
    output_kb: int = 64


@dataclass(frozen=True)
class Frame:
    """One line of a traceback: the student's, or (`ours`) a probe's."""

    file: str
    line: int
    function: str
    text: str
    ours: bool


@dataclass(frozen=True)
class Raised:
    """An exception in the student's code. All texts are cleaned and capped, and none is to be believed."""

    type: str
    bases: tuple[str, ...]
    message: str
    name: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Reply:
    """The answer to one request: an observation, or why there is none.

    `importing` says that the question was not answered because `module` could not be imported ("" where nobody knows
    which), and that all the rest tells of that import. `failed` is for an import: the modules that could not be
    imported, each with what came of it.
    """

    outcome: str
    value: Any = None
    raised: Raised | None = None
    detail: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0
    output: str = ""
    importing: bool = False
    module: str = ""
    failed: Mapping[str, Reply] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Given:
    """What stands in a submitted module for the submission's own: the `names` that it binds, and its code.

    The code is that of a module that binds them, compiled by this Python, marshalled and in base64. It comes from the
    judge and goes to a worker, never the other way.
    """

    names: tuple[str, ...]
    code: str

    def plain(self) -> dict[str, Any]:
        """As a request holds it."""
        return {"names": list(self.names), "code": self.code}


NOTHING_GIVEN: Mapping[str, Given] = MappingProxyType({})


class Host(Protocol):
    """A process (or, for the debugger, this one) that holds one submission and answers questions put to it.

    A host that died, or was killed over a limit, starts again with a fresh process at the next call.
    `layers` names the confinement that is active, for example ("landlock", "seccomp", "rlimits"). `limits` is None
    where none hold. `disturbed` counts the processes that somebody else ended: not the sandbox, and not the submission.
    """

    layers: tuple[str, ...]
    disturbed: int

    @property
    def limits(self) -> Limits | None: ...

    def load(self) -> Reply:
        """Imports the submission; done by the first `call` when not asked for. The same reply if asked again."""
        ...

    def call(
        self,
        probe: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> Reply:
        """Puts one question. Never raises for what a submission does, only `SandboxError` for what is not its fault."""
        ...

    def renew(self) -> None:
        """Makes the next call meet a fresh process that has kept nothing of earlier calls."""
        ...

    def close(self) -> None: ...


class StartHost(Protocol):
    """Makes the host of a submission's modules (name -> source); what is `given` stands there for its own."""

    def __call__(self, modules: Mapping[str, str], given: Mapping[str, Given] = NOTHING_GIVEN) -> Host: ...


def read(reply: Any, request_id: int) -> Reply:
    """A decoded reply as a `Reply`; raises `WireError` when it is not one, or not to this request."""
    if type(reply) is not dict or reply.get("id") != request_id or type(reply.get("id")) is not int:
        raise WireError("not a reply to the question that was put")
    outcome = reply.get("outcome")
    if outcome not in (*REPORTED, STOPPED):
        raise WireError("a reply without a known outcome")
    error, failed = reply.get("error"), reply.get("failed", [])
    if type(failed) is not list or len(failed) > MAX_MODULES or any(type(each) is not dict for each in failed):
        raise WireError("a list of modules that is none")
    return Reply(
        "cpu_limit" if outcome == STOPPED else outcome,
        reply.get("value") if outcome == "returned" else None,
        None if error is None else _raised(error),
        detail=_text(error, "message") if outcome == "unsendable" else "",
        failed={_text(each, "module"): _failed(each, request_id) for each in failed},
    )


def settled(loaded: Reply, modules: Mapping[str, str]) -> Reply:
    """An import's reply. Where the only module failed, all of the import has: then no question is put."""
    name = next(iter(modules)) if len(modules) == 1 else ""
    return replace(loaded.failed[name], module=name, failed=loaded.failed) if name in loaded.failed else loaded


def stopped_in(loaded: Reply, modules: Collection[str]) -> str:
    """The module whose top level an import was stopped in, as its worker could still say; "" when it could not."""
    frames = loaded.raised.frames if loaded.raised else ()
    files = [frame.file for frame in frames if frame.function == "<module>" and not frame.ours]
    name = files[-1].removesuffix(".py") if files else ""
    return name if name in modules else ""


def _failed(each: Any, request_id: int) -> Reply:
    """What came of the import of one module."""
    if each.get("outcome") in ("returned", STOPPED):
        raise WireError("a module that failed without an error")
    return read({**each, "id": request_id, "failed": []}, request_id)


def of_import(reply: Reply, loaded: Reply) -> Reply:
    """A reply to a question; where a module was met that could not be imported, what was said when it was `loaded`.

    Only that may be told: it was said before there was any question. Whoever claims it of a module that was imported
    has raised an exception of their own.
    """
    if reply.outcome != "not_imported":
        return reply
    module = reply.raised.name if reply.raised else ""
    if module not in loaded.failed:
        return replace(reply, outcome="raised")
    why = loaded.failed[module]
    return replace(why, importing=True, module=module, cpu_s=reply.cpu_s, wall_s=reply.wall_s, output=reply.output)


def _raised(error: Any) -> Raised:
    if type(error) is not dict:
        raise WireError("an exception that is not a dictionary")
    bases, frames = error.get("bases", []), error.get("frames", [])
    if type(bases) is not list or type(frames) is not list or len(bases) > 16 or len(frames) > 16:
        raise WireError("an exception with impossible bases or frames")
    return Raised(
        _text(error, "type"),
        tuple(clean(base, 200) for base in bases if type(base) is str),
        _text(error, "message"),
        _text(error, "name"),
        tuple(_frame(item) for item in frames),
    )


def _frame(item: Any) -> Frame:
    if type(item) is not dict or type(item.get("line")) is not int or type(item.get("ours")) is not bool:
        raise WireError("a traceback line that is not one")
    return Frame(_text(item, "file"), item["line"], _text(item, "function"), _text(item, "text"), item["ours"])


def _text(error: Any, key: str) -> str:
    value = error.get(key, "") if type(error) is dict else ""
    return clean(value, MAX_MESSAGE) if type(value) is str else ""
