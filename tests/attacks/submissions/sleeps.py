"""Exhaustion: waits, in one thread and in many, without using CPU time."""

import time


def total_loss(losses, weights=None):
    time.sleep(60)
