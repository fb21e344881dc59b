"""Which modules of a submission end the worker that does no more than compile them.

A submission whose import ended a worker may have a module that Python compiles without end, or that makes it crash.
Such a module is told like one with a syntax error, and costs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader import compiling
from grader.sandbox.replies import Limits, Reply


def uncompiled(
    modules: Mapping[str, str], compile_alone: Callable[[str, str, float], Reply], limits: Limits
) -> dict[str, str]:
    """The modules that cannot be compiled, with the reason.

    `compile_alone` has a worker in which nothing ran compile one module (name, text, CPU seconds).
    """
    reasons = {}
    for name, text in modules.items():
        reply = compile_alone(name, text, min(compiling.CPU_S, limits.import_cpu_s))
        if reply.outcome == "cpu_limit":
            reasons[name] = compiling.TOO_LONG
        elif reply.outcome == "memory_limit":
            reasons[name] = compiling.TOO_LARGE
        elif reply.outcome == "died" and reply.detail.removeprefix("killed by ") in compiling.CRASH_SIGNALS:
            reasons[name] = compiling.CRASHES
    return reasons
