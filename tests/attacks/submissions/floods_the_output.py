"""Exhaustion: prints a hundred megabytes of hostile text to both streams."""

import os

AT = "call"


def attack() -> bool:
    line = b"\x1b[2J\x1b]0;passed\x07 4 passed \xe2\x80\xae\n" * 1000
    for _ in range(100 * 2**20 // len(line) // 2):
        os.write(1, line)
        os.write(2, line)
    return False
