"""A host over what a notebook has defined by now: its functions are asked where they are, in the notebook's process.

They keep living in the notebook, so one that calls another calls the one that is defined there at that moment. There is
no protection of any kind here: it is the student's own code in the student's own notebook.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from types import FrameType, ModuleType
from typing import Any

from grader.sandbox import replies, worker
from grader.sandbox.inline import InlineHost
from grader.text import clean

MAX_PRINTED = 64_000


class View(ModuleType):
    """A module that has the names which `namespace` has at the moment, and takes new ones there.

    `hidden` holds names of the notebook's machinery with their values: those are not the student's.
    """

    def __init__(self, name: str, namespace: MutableMapping[str, Any], hidden: Mapping[str, Any]) -> None:
        super().__init__(name, f"What this notebook defines, as the module {name}.")
        self.__dict__.update(__namespace=namespace, __hidden=hidden)

    def __getattr__(self, name: str) -> Any:
        namespace: MutableMapping[str, Any] = self.__dict__["__namespace"]
        if name == "__all__":
            return [each for each in dir(self) if not each.startswith("_")]
        if name.startswith("__") or name not in namespace or self._hides(name):
            raise AttributeError(f"this notebook has not defined {name!r}", name=name, obj=self)
        return namespace[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):  # what the import system notes on a module
            super().__setattr__(name, value)
        else:
            self.__dict__["__namespace"][name] = value

    def __delattr__(self, name: str) -> None:
        del self.__dict__["__namespace"][name]

    def __dir__(self) -> list[str]:
        names = [name for name in self.__dict__["__namespace"] if not name.startswith("__") and not self._hides(name)]
        return sorted(names)

    def _hides(self, name: str) -> bool:
        hidden: Mapping[str, Any] = self.__dict__["__hidden"]
        return name in hidden and hidden[name] is self.__dict__["__namespace"].get(name)


class LiveSession(worker.Session):
    """The probes, with `views` in place of imported modules. `place` names the cell that a code's file name means."""

    def __init__(self, views: Mapping[str, ModuleType], place: Callable[[str], str]) -> None:
        super().__init__()
        self.views, self.place = views, place
        self.found: dict[str, ModuleType] = {}

    def load(
        self,
        modules: dict[str, str],
        probes: str,
        seed: int,
        broken: Collection[str] = (),
        alone: str = "",
        given: Mapping[str, dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        self.leave()
        self.sources = worker.Sources({**dict.fromkeys(self.views, ""), worker.PROBES: probes})
        self.imported = dict(self.views)
        self.enter()
        worker.pin(seed)
        try:
            self.probes = importlib.import_module(worker.PROBES)
        except BaseException as error:
            return self.failure(error)
        return {"outcome": "returned", "value": None}

    def enter(self) -> None:
        """Meanwhile a module of the same name, perhaps the untouched stub from the disk, is put aside."""
        if self.sources is not None and self.sources not in sys.meta_path:
            self.found = {name: sys.modules.pop(name) for name in self.sources.texts if name in sys.modules}
        super().enter()

    def leave(self) -> None:
        super().leave()
        sys.modules.update(self.found)
        self.found = {}

    def failure(self, error: BaseException) -> dict[str, Any]:
        view = self.views.get(error.name or "") if isinstance(error, ImportError) else None
        if view is not None and (absent := re.match(r"cannot import name '(\w+)'", str(error))):
            # Probes that say `from module import name`: the name is missing like any other.
            error = AttributeError(str(error), name=absent[1], obj=view).with_traceback(error.__traceback__)
        return super().failure(error)

    def frames(self, error: BaseException) -> list[dict[str, Any]]:
        assert self.sources is not None
        probes, found = self.sources.filename(worker.PROBES), []
        for entry in traceback.extract_tb(error.__traceback__):
            ours = entry.filename == probes
            if file := probes if ours else self.place(entry.filename):
                text = (entry.line or "").strip()
                found.append(worker.frame(file, entry.lineno or 0, entry.name, text, ours=ours))
        return found


class LiveHost(InlineHost):
    """Answers probe calls with what the notebook has defined. What it prints meanwhile goes into the answer."""

    def __init__(
        self,
        views: Mapping[str, ModuleType],
        probes: str,
        place: Callable[[str], str],
        folders: Sequence[str] = (),
    ) -> None:
        super().__init__({}, probes, folders)
        self.session = LiveSession(views, place)
        self.interrupted = False

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Remembers a Ctrl-C, so that it ends the checks even where the student's code has caught it."""

        def stop(number: int, frame: FrameType | None) -> None:
            self.interrupted = True
            raise KeyboardInterrupt

        if threading.current_thread() is not threading.main_thread():  # signals are for the main thread only
            yield
            return
        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)

    def _ask(self, request: dict[str, Any]) -> replies.Reply:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            reply = super()._ask(request)
        if self.interrupted:
            raise KeyboardInterrupt
        return replace(reply, output=clean(printed.getvalue(), MAX_PRINTED))
