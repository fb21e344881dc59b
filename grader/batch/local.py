"""The engine of one machine: a fork server, and a lane per core."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from grader.batch.crew import Crew
from grader.batch.engine import Setting
from grader.errors import SandboxError
from grader.judge import engine
from grader.sandbox.forked import Sandbox
from grader.sandbox.limits import limits_of
from grader.sandbox.models import preload_of

WEAK = (
    "This machine cannot confine submissions well enough to grade for marks: that takes seccomp and one of Landlock, "
    "a mount namespace or a user of its own per worker. Active here: {layers}. Run `python -m grader doctor` to see "
    "why a layer is missing, or type --allow-weak to grade all the same; every result will say so."
)


def lanes_for(jobs: int, lane_count: int | None = None) -> int:
    """How many lanes a run has: one a core, or as many as were asked for, and no more than there are jobs."""
    return max(1, min(lane_count or len(os.sched_getaffinity(0)), jobs))


class Local:
    """Judges on this machine, in `sandbox`, or in one that it starts and ends."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox

    def width(self, jobs: int, lane_count: int | None) -> int:
        """A lane per core."""
        return lanes_for(jobs, lane_count)

    @contextmanager
    def crew(self, setting: Setting, jobs: int) -> Iterator[Crew]:
        """The lanes of one run. Raises `SandboxError`, and `WeightsError` before anything when weights are missing."""
        assignment, secret, sandbox = setting.assignment, setting.secret, self._sandbox
        limits_of(assignment)
        preload = preload_of(assignment)
        wanted = lanes_for(jobs, setting.lane_count)
        with nullcontext(sandbox) if sandbox else Sandbox(wanted, setting.confinement, preload) as running:
            running.serve(preload)
            if not running.strong and not setting.allow_weak:
                raise SandboxError(WEAK.format(layers=", ".join(running.layers) or "none"))
            environment = engine.environment(secret, running.confinement, weak_allowed=not running.strong)
            count = min(wanted, running.lane_count)
            try:
                lanes = Crew(
                    running, assignment, environment, secret, setting.only, count, setting.judge, setting.stop,
                    setting.tick, setting.notice,
                )  # fmt: skip
                with lanes as crew:
                    yield crew
            finally:
                if sandbox:  # somebody else's, who may use it for a long time
                    for index in range(count):
                        running.lane(index).clear()
