"""Forging: a thread reads the judge's questions before the worker does and answers them with what it likes."""

import os
import struct
import sys
import threading

wire = sys.modules["grader.sandbox.wire"]


def serve():
    while True:
        prefix = os.read(3, 16)
        if len(prefix) < 16:
            return
        _, header, body = struct.unpack("<4sIQ", prefix)
        question = wire.decode(prefix + os.read(3, header + body))
        os.write(3, wire.encode({"id": question["id"], "outcome": "returned", "value": True}))


for _ in range(3):
    threading.Thread(target=serve, daemon=True).start()
