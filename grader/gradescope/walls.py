"""Is the grader closed to the student's process? A worker tries before each grading, confined as a submission is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.gradescope.layout import Layout
from grader.sandbox.forked import Sandbox
from grader.sandbox.replies import Host, Limits

PROBES = Path(__file__).with_name("reaching.py")
TRIAL = ".a-worker-wrote-this"
STOPPED = "raised"


def breaches(sandbox: Sandbox, layout: Layout) -> list[str]:
    """What a worker could reach, or why that could not be tried; nothing where all is closed."""
    host = sandbox.lane(0).host({}, PROBES.read_text(encoding="utf-8"), Limits())
    try:
        found = [*_tried(host, layout)]
    finally:
        host.close()
        sandbox.lane(0).clear()
    return [*layout.open_to_others(), *found]


def _tried(host: Host, layout: Layout) -> Iterator[str]:
    control = host.call("read_file", {"path": os.__file__}, 0)
    if control.outcome != "returned":  # or else a worker that can do nothing at all would look like a wall
        yield f"a worker cannot even read {os.__file__} ({control.outcome}), so this proves nothing"
    for folder in layout.folders():
        yield from _try(host, "list_folder", folder)
        yield from _try(host, "make_file", folder / TRIAL)
        if (folder / TRIAL).exists():
            (folder / TRIAL).unlink()
            yield f"{folder}: a worker wrote a file there"
    for path in files(layout):
        yield from _try(host, "read_file", path)
        yield from _try(host, "open_for_writing", path)


def files(layout: Layout) -> list[Path]:
    """Files that are tried one by one: the seed, the checks, the reference, the results, whose submission it is."""
    secret = layout.source / "solutions"
    tried = [*secret.glob("*.toml"), *secret.glob("*/*.py"), *secret.glob("*/checks/*.py"), *secret.glob("*/*.json")]
    return [path for path in (*sorted(tried), layout.metadata, layout.results_json) if path.exists()]


def _try(host: Host, probe: str, path: Path) -> Iterator[str]:
    reply = host.call(probe, {"path": str(path)}, 0)
    if reply.outcome != STOPPED:
        yield f"{path}: {probe} by a worker ended with {reply.outcome} {reply.value if reply.value is not None else ''}"
