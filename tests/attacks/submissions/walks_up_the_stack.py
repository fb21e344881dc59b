"""Reading: walks the frames up to the worker's loop for expected values, and its globals for the grader's modules."""

import sys

AT = "call"


def attack() -> bool:
    frame, seen = sys._getframe(), []
    while frame is not None:
        seen += [str(value)[:100_000] for value in frame.f_locals.values() if "multitask" not in str(type(value))]
        if {"judge", "answers", "reference", "expected"} & set(frame.f_globals) & set(frame.f_locals):
            return True
        frame = frame.f_back
    return any(map(tells_secret, seen))
