"""Exhaustion: ignores every signal that can be ignored, and loops."""

import signal
import time


def total_loss(losses, weights=None):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    end = time.time() + 60
    while time.time() < end:
        pass
