"""Exhaustion: dies in every call, so that the judge has to start a new worker each time."""

import signal


def total_loss(losses, weights=None):
    os.kill(os.getpid(), signal.SIGKILL)
