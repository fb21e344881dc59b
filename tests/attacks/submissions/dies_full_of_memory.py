"""Forging: takes all memory that it may, then kills itself, as the kernel would do when the machine has none left."""

import os
import signal


def total_loss(losses, weights=None):
    hoard = []
    try:
        while True:
            hoard.append(bytearray(20_000_000))
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)
        os._exit(137)
