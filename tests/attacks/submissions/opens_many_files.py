"""Exhaustion: opens files, pipes and socket pairs until it is refused, and more than ten thousand of them if it is not."""

import os
import socket

AT = "call"


def attack() -> bool:
    held = []
    while len(held) < 10_000:
        held += [*os.pipe(), *socket.socketpair(), os.open("/dev/null", 0)]
    return True
