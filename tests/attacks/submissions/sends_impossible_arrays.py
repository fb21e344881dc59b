"""Forging: sends arrays without values whose shapes would be huge, which no honest encoder could have made."""

import os
import struct
import sys

import msgpack


def total_loss(losses, weights=None):
    frame = sys._getframe()
    while frame is not None and "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["id"]
    array = ["a", "tensor", "float64", [2**28, 2**28, 2**28, 0], 0]
    header = msgpack.packb(["d", "id", ["i", number], "outcome", ["s", "returned"], "value", array])
    os.write(3, struct.pack("<4sIQ", b"LAT1", len(header), 0) + header)
