"""A submission in a process of its own that is started when needed, and again after it died.

An end that comes from outside the sandbox (the kernel's when memory runs out, somebody's `kill`) is no answer: the
question is put again, once, to a fresh process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from grader.errors import SandboxError, SandboxLost
from grader.sandbox import replies
from grader.sandbox.channel import Channel, Exit
from grader.sandbox.replies import NOTHING_GIVEN, Frame, Given, Limits, Raised, Reply
from grader.sandbox.uncompiled import uncompiled

NEAR_THE_LIMIT = 0.9  # of memory: whoever was killed there twice asked for too much
QUICK = 0.1  # of an import's CPU time: modules that need less have not used up the time of another


class ProcessHost:
    """Implements `replies.Host` over any way to start a worker; `start` returns a channel that has been greeted.

    What is `given` stands in the submission's modules for its own.
    """

    def __init__(
        self,
        start: Callable[[Limits], Channel],
        modules: Mapping[str, str],
        probes: str,
        limits: Limits,
        layers: tuple[str, ...] = (),
        given: Mapping[str, Given] = NOTHING_GIVEN,
    ) -> None:
        self.layers = layers
        self.limits = limits
        self.disturbed = 0
        self._spent_before = 0.0  # by processes that have ended
        self._start, self._modules, self._probes = start, dict(modules), probes
        self._given = {module: part.plain() for module, part in given.items()}
        self._channel: Channel | None = None
        self._ended: Exit | None = None  # how the last process ended that did not end by our hand
        self._loaded: Reply | None = None
        self._allowances = 1  # how many times what one module may take, all may take together
        self._failed: dict[str, Reply] = {}  # modules that could not be imported, and what came of it: not tried again

    @property
    def spent_cpu_s(self) -> float:
        """CPU seconds of all its processes so far, those of threads that went on between two calls included."""
        return self._spent_before + (self._channel.spent_cpu_s() if self._channel else 0.0)

    def load(self) -> Reply:
        """Imports the submission. The reply is "returned" also where a module cannot be imported: see its `failed`.

        An import that failed is not tried again: it would fail the same way, perhaps slowly.
        """
        return self._undisturbed(self._load)

    def call(
        self,
        probe: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> Reply:
        request = {"op": "call", "probe": probe, "arguments": dict(arguments), "seed": seed}
        limits = cpu_s or self.limits.call_cpu_s, wall_s or self.limits.call_wall_s
        return self._undisturbed(lambda: self._call(request, *limits))

    def _load(self) -> Reply:
        if self._loaded is None or (self._channel is None and self._loaded.outcome == "returned"):
            loaded = self._import()
            if loaded.outcome == "cpu_limit" and len(self._modules) > 1:
                loaded = self._without_the_endless(loaded)
            if loaded.outcome in replies.OBSERVED and loaded.outcome != "budget":
                before = len(self._failed)
                self._find_failing(loaded)
                self.renew()
                again = len(self._failed) > before and len(self._modules) > 1
                if loaded.outcome == "cpu_limit" and len(self._failed) == before:
                    again, self._allowances = True, len(self._modules)  # each has been imported within its own time
                loaded = self._import(spent=loaded) if again else loaded
            if loaded.outcome == replies.DISTURBED:
                return loaded
            self._failed = {**loaded.failed, **self._failed}
            self._loaded = replies.settled(replace(loaded, failed=dict(self._failed)), self._modules)
        return self._loaded

    def _without_the_endless(self, stopped: Reply) -> Reply:
        """An import without the modules that computed without end, or `stopped` again where it is not sure which did.

        The line that was running says whose import it was, and that costs no second time only where all others
        together are quick: else a module may have been stopped for what those before it had used up.
        """
        before, loaded, took = dict(self._failed), stopped, 0.0
        while loaded.outcome == "cpu_limit" and (name := replies.stopped_in(loaded, self._modules)):
            if name in self._failed:
                break
            self._failed[name] = loaded
            self.renew()
            spent, loaded = loaded, self._import(spent=loaded)
            took = loaded.cpu_s - spent.cpu_s
        if took > QUICK * self.limits.import_cpu_s:
            self._failed, loaded = before, replace(stopped, cpu_s=loaded.cpu_s, wall_s=loaded.wall_s)
        return loaded

    def _import(self, spent: Reply | None = None) -> Reply:
        """Imports all modules that are not known to fail. What an import before it `spent` and printed is added."""
        limits = (limit * self._allowances for limit in self._import_limits)
        loaded = self._put(self._loading(), *limits)
        if spent is None:
            return loaded
        cpu_s, wall_s = loaded.cpu_s + spent.cpu_s, loaded.wall_s + spent.wall_s
        return replace(loaded, cpu_s=cpu_s, wall_s=wall_s, output=spent.output + loaded.output)

    def _loading(self, alone: str = "") -> dict[str, Any]:
        submission = {"modules": self._modules, "probes": self._probes, "given": self._given}
        return {"op": "load", **submission, "seed": 0, "broken": list(self._failed), "alone": alone}

    def _find_failing(self, loaded: Reply) -> None:
        """Which modules ended the worker that was to import them all, or took its time: each in a worker of its own."""
        left = [name for name in self._modules if name not in self._failed]
        for name, reason in uncompiled(
            {name: self._modules[name] for name in left}, self._compile, self.limits
        ).items():
            where = Frame(f"{name}.py", 0, "", "", ours=False)
            self._failed[name] = Reply("syntax_error", raised=Raised("SyntaxError", (), reason, "", (where,)))
        left = [name for name in left if name not in self._failed]
        if len(left) == 1 == len(self._modules):
            self._failed[left[0]] = loaded
            return
        ended = {}
        for name in left:
            self.renew()
            reply = self._undisturbed(partial(self._put, self._loading(name), *self._import_limits))
            if reply.outcome in replies.OBSERVED and reply.outcome != "budget":
                ended[name] = reply
        self._failed |= ended

    @property
    def _import_limits(self) -> tuple[float, float]:
        return self.limits.import_cpu_s, self.limits.import_wall_s

    def _compile(self, name: str, text: str, cpu_s: float) -> Reply:
        request = {"op": "compile", "modules": {name: text}}
        return self._undisturbed(lambda: self._put(request, cpu_s, self.limits.import_wall_s))

    def _call(self, request: dict[str, Any], cpu_s: float, wall_s: float) -> Reply:
        if self.spent_cpu_s >= self.limits.total_cpu_s:
            return self._out_of_budget()
        known = self._loaded is not None
        loaded = self._load()
        if loaded.outcome != "returned":
            failed = replace(loaded, importing=True)
            return replace(failed, cpu_s=0.0, wall_s=0.0, output="") if known else failed  # its cost is told once
        reply = replies.of_import(self._ask(request, cpu_s, wall_s), loaded)
        if not known and reply.importing:
            reply = replace(reply, cpu_s=reply.cpu_s + loaded.cpu_s, wall_s=loaded.wall_s, output=loaded.output)
        if reply.outcome == "out_of_memory" and not reply.importing:
            self.renew()  # who knows what it still holds
        return reply

    def _undisturbed(self, put: Callable[[], Reply]) -> Reply:
        """What `put` comes to when nobody disturbs it, or does so no more than once."""
        first = put()
        if first.outcome != replies.DISTURBED:
            return first
        self._spent_before -= first.cpu_s  # nothing was had for it
        again = put()
        return self._disturbed_twice(again) if again.outcome == replies.DISTURBED else again

    def _disturbed_twice(self, reply: Reply) -> Reply:
        """What a second end from outside means. Raises `SandboxError` when the submission cannot have brought it on."""
        assert self._ended is not None
        if self._ended.peak_mb >= NEAR_THE_LIMIT * self.limits.memory_mb:
            return replace(reply, outcome="memory_limit", detail=f"killed when it held {self._ended.peak_mb:,.0f} MB")
        if "seccomp" not in self.layers:  # which keeps a submission from sending such a signal to itself
            return replace(reply, outcome="died", detail=f"{reply.detail}, twice at the same question")
        raise SandboxError(
            f"The process of this submission was {reply.detail}, twice at the same question, and neither the sandbox "
            f"nor the submission did that. It held {self._ended.peak_mb:,.0f} MB. If this machine runs out of memory "
            "(dmesg says so), grade fewer at a time with --lanes. Then grade this submission again."
        )

    def _started(self) -> Channel:
        """A new process; when that fails, once more: a machine that is short of something for a moment has it later."""
        try:
            return self._start(self.limits)
        except SandboxLost:
            raise
        except SandboxError:
            self.disturbed += 1
            return self._start(self.limits)

    def renew(self) -> None:
        """Ends the process, if there is one; the next call starts another."""
        if self._channel is not None:
            channel, self._channel = self._channel, None
            channel.close()
            self._spent_before += channel.spent_cpu_s()

    def close(self) -> None:
        self.renew()

    def _put(self, request: dict[str, Any], cpu_s: float, wall_s: float) -> Reply:
        """Asks a worker that is started where there is none."""
        if self._channel is None:
            self._channel = self._started()
        return self._ask(request, cpu_s, wall_s)

    def _ask(self, request: dict[str, Any], cpu_s: float, wall_s: float) -> Reply:
        assert self._channel is not None
        left = self.limits.total_cpu_s - self.spent_cpu_s
        if left <= 0:
            return self._out_of_budget()
        try:
            reply = self._channel.ask(request, min(cpu_s, left), wall_s)
        except SandboxLost:
            self._channel = None
            raise
        if reply.outcome not in replies.REPORTED:
            self._ended = self._channel.ended
            self._spent_before, self._channel = self.spent_cpu_s, None
            self.disturbed += reply.outcome == replies.DISTURBED
            if reply.outcome == "cpu_limit" and left < cpu_s:
                return replace(self._out_of_budget(), cpu_s=reply.cpu_s, wall_s=reply.wall_s, output=reply.output)
        return reply

    def _out_of_budget(self) -> Reply:
        return Reply("budget", detail=f"the submission had used up its {self.limits.total_cpu_s:g} s of CPU time")
