"""Forging: sends answers to questions with guessed numbers when it is imported."""

import os
import sys

wire = sys.modules["grader.sandbox.wire"]
for guess in (0, 1, 2, -1, 2**48 - 1, True):
    os.write(3, wire.encode({"id": guess, "outcome": "returned", "value": torch.tensor(1.985)}))
