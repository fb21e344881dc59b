"""What runs beside the student's code: import the module, answer probe calls, send plain data back.

This file is on the untrusted side. A submission can read and change everything here, so nothing in it decides
anything: it only reports what happened, and the judge believes no more of it than of any other answer. It holds no
secret and imports nothing of the grader but the wire format and `compiling`.

A reply is a dictionary that `grader.sandbox.replies.Reply` reads:
`id`, `outcome` (one of `replies.REPORTED`, or "stopped", which is `replies.STOPPED`), `value`, `error` with the
exception's type, bases, message and the student's frames, and `failed`: of each module that could not be imported its
name, the outcome and the error.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import importlib.abc
import importlib.machinery
import inspect
import io
import linecache
import marshal
import random
import signal
import socket
import sys
import time
import traceback
import types
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from types import FrameType
from typing import Any

import numpy as np

from grader.compiling import compiled
from grader.sandbox import wire

PROBES = "probes"
LIBRARIES = sys.stdlib_module_names | {"numpy", "torch"}
MAX_FRAMES = 8


class NotImported(BaseException):
    """Something was asked of a submitted module that could not be imported. No probe takes it for an answer."""

    def __init__(self, module: str) -> None:
        super().__init__(f"{module} could not be imported")
        self.module = module


class NotThere(types.ModuleType):
    """Stands for a module that could not be imported: whoever asks it for a name is told so."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):  # what the import system looks for
            raise AttributeError(name)
        raise NotImported(self.__name__)


class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the submitted modules and the probes from text in memory: no folder that files could hide in.

    It stands first on `sys.meta_path`, so that no file on the disk is taken for the submission, and knows no library's
    name, so that the submission is not taken for a library. A module that is known to be `broken` is not tried again.
    """

    def __init__(
        self, texts: dict[str, str], broken: Collection[str] = (), given: Mapping[str, dict[str, Any]] | None = None
    ) -> None:
        self.texts, self.broken, self.given = texts, set(broken), given or {}
        self.errors: dict[str, BaseException] = {}  # by module: what its import came to

    def filename(self, name: str) -> str:
        return f"<probes>/{name}.py" if name == PROBES else f"{name}.py"

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.texts or name in LIBRARIES:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=self.filename(name))

    def create_module(self, spec: Any) -> types.ModuleType | None:
        return NotThere(spec.name) if spec.name in self.broken else None

    def exec_module(self, module: Any) -> None:
        name = module.__name__
        if name in self.broken:
            return
        text, filename = self.texts[name], self.filename(name)
        module.__file__ = filename
        try:
            if name in self.given:
                execute_with(self.given[name], compiled(text, filename), module)
            else:
                exec(compiled(text, filename), module.__dict__)
        except Stopped:
            raise
        except BaseException as error:
            if not any(error is other for other in self.errors.values()):  # it is not of a module that this one imports
                self.errors[name] = error
                self.broken |= {name} - {PROBES}
            raise


class Keeping(MutableMapping[str, Any]):
    """The names of a module while its text runs: what the text stores under one of the `kept` names is dropped."""

    def __init__(self, names: dict[str, Any], kept: Collection[str]) -> None:
        self.names, self.kept = names, frozenset(kept)

    def __getitem__(self, name: str) -> Any:
        return self.names[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self.kept:
            self.names[name] = value

    def __delitem__(self, name: str) -> None:
        if name not in self.kept:
            del self.names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def execute_with(given: dict[str, Any], code: types.CodeType, module: types.ModuleType) -> None:
    """Runs a module's code so that what is given stands there from the first line on, whatever the code defines.

    What is given has names of its own for all that it brings along. What it does not bring, another problem's function
    for one, it finds in the module.
    """
    own: dict[str, Any] = {"__name__": module.__name__, "__builtins__": builtins}
    exec(marshal.loads(base64.b64decode(given["code"])), own)
    module.__dict__.update((name, own[name]) for name in given["names"])
    exec(code, module.__dict__, Keeping(module.__dict__, given["names"]))
    own.update((name, value) for name, value in module.__dict__.items() if name not in own)


class Session:
    """One submission in one process."""

    def __init__(self, *, debug: bool = False) -> None:
        self.debug = debug
        self.sources: Sources | None = None
        self.imported: dict[str, Any] = {}
        self.probes: Any = None
        self.argv = list(sys.argv)

    def load(
        self,
        modules: dict[str, str],
        probes: str,
        seed: int,
        broken: Collection[str] = (),
        alone: str = "",
        given: Mapping[str, dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Imports the submitted `modules` (name -> source text), then the probes that call them.

        A module that cannot be imported costs only what needs it. Those in `broken` are not tried: to import them would
        end this process. With a module's name in `alone`, that one is imported and nothing else. What is `given` stands
        in its module for the submission's own.
        """
        self.leave()
        self.sources, self.imported = Sources({**modules, PROBES: probes}, broken, given), {}
        self.enter()
        pin(seed)
        failed: list[dict[str, Any]] = []
        try:
            for name in [alone] if alone else modules:
                if (error := self.imported_or_not(name)) is not None:
                    failed.append({"module": name, **self.failure(error)})
            if not alone:
                self.probes = importlib.import_module(PROBES)
        except BaseException as error:
            if self.debug:
                raise
            return {**self.failure(error), "failed": failed}
        return {"outcome": "returned", "value": None, "failed": failed}

    def imported_or_not(self, name: str) -> BaseException | None:
        """Imports a submitted module; what went wrong, or None.

        Where another module that it imports is at fault, it is tried again with that one's stand-in.
        """
        assert self.sources is not None
        while True:
            before = len(self.sources.broken)
            sys.argv[:] = [self.sources.filename(name)]  # as in `python multitask.py`
            try:
                importlib.import_module(name)
            except Stopped:
                raise
            except BaseException as error:
                if self.debug:
                    raise
                if name not in self.sources.broken and len(self.sources.broken) > before:
                    continue
                self.sources.broken.add(name)
                sys.modules[name] = NotThere(name)
                return error
            return self.sources.errors.get(name)

    def call(self, probe: str, arguments: dict[str, Any], seed: int) -> dict[str, Any]:
        """The observation that `probe` makes of the student's code."""
        function = getattr(self.probes, probe, None)
        if not inspect.isfunction(function) or probe.startswith("_"):
            return {"outcome": "no_probe", "value": None}
        pin(seed)
        try:
            return {"outcome": "returned", "value": function(**{name: unpacked(x) for name, x in arguments.items()})}
        except BaseException as error:
            if self.debug:
                raise
            return self.failure(error)

    def enter(self) -> None:
        """Makes the submission's modules the ones that `import` finds."""
        if self.sources is not None and self.sources not in sys.meta_path:
            self.argv = list(sys.argv)
            sys.meta_path.insert(0, self.sources)
            sys.modules.update(self.imported)
            for name, text in self.sources.texts.items():
                filename = self.sources.filename(name)
                linecache.cache[filename] = (len(text), None, io.StringIO(text).readlines(), filename)

    def leave(self) -> None:
        """Hides them again: needed only where several submissions share a process."""
        if self.sources is not None and self.sources in sys.meta_path:
            sys.meta_path.remove(self.sources)
            sys.argv[:] = self.argv
            names = [name for name in self.sources.texts if name in sys.modules]
            self.imported = {name: sys.modules.pop(name) for name in names}

    def is_of_a_file(self, error: SyntaxError) -> bool:
        """Whether this is of a submitted file or of the probes, and not of a text that they have compiled."""
        assert self.sources is not None
        return error.filename in [self.sources.filename(name) for name in self.sources.texts]

    def failure(self, error: BaseException) -> dict[str, Any]:
        """What a probe call that raised looks like as plain data."""
        assert self.sources is not None
        frames = self.frames(error)
        ours = frames[-1]["ours"] if frames else True
        outcome, name = "raised", ""
        if isinstance(error, SyntaxError) and self.is_of_a_file(error):
            outcome = "syntax_error"
            frames = [frame(error.filename, error.lineno or 0, "", (error.text or "").strip())]
        elif isinstance(error, Stopped):
            outcome = "stopped"
        elif isinstance(error, NotImported):
            outcome, name = "not_imported", error.module
        elif isinstance(error, NotImplementedError):
            outcome = "not_implemented"
        elif isinstance(error, AttributeError) and (module := getattr(error.obj, "__name__", "")) in self.sources.texts:
            outcome, name = "missing_name", f"{module}.{error.name}"
        elif isinstance(error, RecursionError):
            outcome = "recursion"
        elif isinstance(error, MemoryError) or "allocate memory" in str(error)[:500]:
            outcome = "out_of_memory"
        elif isinstance(error, (SystemExit, KeyboardInterrupt, GeneratorExit)):
            outcome = "exited"
        elif isinstance(error, ModuleNotFoundError):
            name = str(error.name)[:200]
        elif isinstance(error, TypeError) and ours and "argument" in str(error):
            outcome = "bad_signature"
        return {
            "outcome": outcome,
            "value": None,
            "error": {
                "type": type(error).__name__[:200],
                "bases": [base.__name__[:200] for base in type(error).__mro__[:16]],
                "message": str(error)[:4000],
                "name": name,
                "frames": ends_of(frames),
            },
        }

    def frames(self, error: BaseException) -> list[dict[str, Any]]:
        """The frames of submitted files and probes, outermost first."""
        assert self.sources is not None
        known = {self.sources.filename(name): name for name in self.sources.texts}
        return [
            frame(
                entry.filename,
                entry.lineno or 0,
                entry.name,
                (entry.line or "").strip(),
                ours=known[entry.filename] == PROBES,
            )
            for entry in traceback.extract_tb(error.__traceback__)
            if entry.filename in known
        ]


def frame(file: str | None, line: int, function: str, text: str, *, ours: bool = False) -> dict[str, Any]:
    return {"file": (file or "")[:200], "line": line, "function": function[:200], "text": text[:500], "ours": ours}


def ends_of(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The innermost frames, and the innermost one that stands at the top level of a file."""
    last = frames[-MAX_FRAMES:]
    above = [each for each in frames[:-MAX_FRAMES] if each["function"] == "<module>"]
    return last if not above or any(each["function"] == "<module>" for each in last) else [above[-1], *last[1:]]


class Stopped(BaseException):
    """The call has used up its CPU time."""


@contextlib.contextmanager
def stopwatch(cpu_s: float | None) -> Iterator[None]:
    """Raises `Stopped` in the body once this process has computed for `cpu_s`, so that the line can be told.

    This decides nothing: code that keeps it from working is stopped from outside a moment later.
    """
    if cpu_s is None:
        yield
        return
    end = time.process_time() + cpu_s

    def ring(number: int, where: FrameType | None) -> None:
        left = end - time.process_time()
        if left <= 0:
            raise Stopped
        signal.setitimer(signal.ITIMER_PROF, max(left, 0.001))  # it counts in ticks, and may be early

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def pin(seed: int) -> None:
    """Seeds every random stream, so that a call's outcome depends on nothing but the question."""
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def unpacked(value: Any) -> Any:
    """What came over the wire, as the writable tensors and arrays that a student expects."""
    if type(value) is wire.Array:
        data = value.data.copy()
        if value.kind == wire.NDARRAY:
            return data
        import torch

        return torch.from_numpy(data)
    if type(value) in (list, tuple):
        return type(value)(unpacked(item) for item in value)
    if type(value) is dict:
        return {key: unpacked(item) for key, item in value.items()}
    return value


def compiled_only(modules: dict[str, str]) -> dict[str, Any]:
    """Compiles modules, for those who want to know whether this process lives to say so."""
    for name, text in modules.items():
        with contextlib.suppress(SyntaxError):
            compiled(text, f"{name}.py")
    return {"outcome": "returned", "value": None}


def answer(session: Session, request: dict[str, Any]) -> bytes:
    """The frame that answers one request."""
    try:
        with stopwatch(request.get("cpu_s")):
            if request["op"] == "load":
                load = {key: request[key] for key in ("modules", "probes", "seed", "broken", "alone", "given")}
                reply = session.load(**load)
            elif request["op"] == "compile":
                reply = compiled_only(request["modules"])
            else:
                reply = session.call(request["probe"], request["arguments"], request["seed"])
        return wire.encode({**reply, "id": request["id"]})
    except wire.WireError as error:
        reason = str(error)
    except BaseException as error:  # an exception whose own text raises, a value that fails while it is read
        if session.debug:
            raise
        reason = f"{type(error).__name__} while it was read"
    return wire.encode(
        {"id": request["id"], "outcome": "unsendable", "value": None, "error": {"message": reason[:500]}}
    )


def serve(connection: socket.socket) -> None:
    """Answers requests until the judge hangs up."""
    session = Session()
    while True:
        prefix = receive(connection, wire.PREFIX.size)
        if prefix is None:
            return
        body = receive(connection, sum(wire.sizes(prefix)))
        if body is None:
            return
        connection.sendall(answer(session, wire.decode(prefix + body)))


def receive(connection: socket.socket, size: int) -> bytes | None:
    """Exactly `size` bytes, or None when the other side has hung up."""
    buffer, view = bytearray(size), 0
    while view < size:
        count = connection.recv_into(memoryview(buffer)[view:])
        if count == 0:
            return None
        view += count
    return bytes(buffer)
