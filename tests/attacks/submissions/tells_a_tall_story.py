"""Forging: says that an exception was raised and fills each part of that report with the wrong kind or size of value."""

import itertools
import sys

worker = sys.modules["grader.sandbox.worker"]
frame = {"file": "multitask.py", "line": -(2**63), "function": "\x1b[2J", "text": "x" * 50_000, "ours": False}
stories = itertools.cycle(
    [
        {
            "type": 1,
            "bases": ["ValueError", None, 3],
            "frames": [frame] * 16,
        },
        {"type": "ValueError" * 20_000, "bases": ["ValueError"] * 16, "message": "m" * 10**6, "frames": []},
        {"type": "E", "bases": {"ValueError": 1}, "frames": [frame]},
        [["ValueError"]],
        {"type": "E", "bases": [], "frames": [{**frame, "line": 2**62, "file": "<probes>/probes.py", "ours": True}]},
    ]
)


def answer(session, request):
    story = {"outcome": "raised", "value": None, "error": next(stories)}
    return worker.wire.encode({"id": request["id"], **story})


worker.answer = answer
