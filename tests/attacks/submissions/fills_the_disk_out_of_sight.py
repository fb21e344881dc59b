"""Exhaustion: keeps open files that it has deleted, so that nobody who looks into the folder counts them."""

import os
import time

AT = "call"


def attack() -> bool:
    held = []
    for number in range(20):
        file = open(f"{MARK}{number}", "w+b")
        os.unlink(file.name)
        for _ in range(5):
            file.write(bytes(5 << 20))
        file.flush()
        held.append(file)
    time.sleep(1)
    return sum(os.fstat(file.fileno()).st_size for file in held) >= 500 << 20
