"""Exhaustion: recurses in Python without a limit, and in C until the stack ends."""

import sys
import threading


def total_loss(losses, weights=None):
    sys.setrecursionlimit(10**9)
    threading.stack_size(16 << 20)
    deep = ()
    for _ in range(10**6):
        deep = (deep,)
    return hash(deep)
