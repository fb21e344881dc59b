"""Exhaustion: stops its own process, which then uses no time and answers nothing."""

import os
import signal


def total_loss(losses, weights=None):
    os.kill(os.getpid(), signal.SIGSTOP)
    return wrong_total_loss(losses)
