"""Exhaustion: goes on computing in threads after it has answered, when its time is not counted."""

import threading
import time


def compute():
    end = time.time() + 30
    while time.time() < end:
        sum(range(10_000))


for _ in range(8):
    threading.Thread(target=compute, daemon=True).start()
