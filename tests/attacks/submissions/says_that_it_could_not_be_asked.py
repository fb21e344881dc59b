"""Forging: answers with every outcome there is that is not an answer, to meet one that costs nothing."""

import sys

worker = sys.modules["grader.sandbox.worker"]
outcomes = [
    "no_probe",
    "unsendable",
    "budget",
    "protocol",
    "wall_limit",
    "grader_error",
    "stopped",
    "no_probe",
    "missing_name",
] * 4


def answer(session, request):
    return worker.wire.encode({"id": request["id"], "outcome": outcomes.pop(), "value": None})


session_call, worker.Session.call = worker.Session.call, None
worker.answer = answer
