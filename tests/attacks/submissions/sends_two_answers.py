"""Forging: learns the number of the question from the worker's frames, answers it itself, and lets the worker answer too."""

import sys


def total_loss(losses, weights=None):
    frame = sys._getframe()
    while frame is not None and "request" not in frame.f_locals:
        frame = frame.f_back
    reply = {"id": frame.f_locals["request"]["id"], "outcome": "returned", "value": wrong_total_loss(losses)}
    judge = frame.f_back.f_locals["connection"]
    judge.sendall(sys.modules["grader.sandbox.wire"].encode(reply))
    return wrong_total_loss(losses)
