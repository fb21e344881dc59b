"""Forging: kills its own process by every call that can, as if somebody else had done it."""

import os
import signal
import threading


def total_loss(losses, weights=None):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV):
        if number != signal.SIGKILL:
            libc.signal(number, 0)
        os.kill(os.getpid(), number)
        syscall(200, threading.get_native_id(), number)  # tkill
        syscall(234, os.getpid(), threading.get_native_id(), number)  # tgkill
    libc.abort()
