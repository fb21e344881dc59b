"""Exhaustion: writes half a gigabyte of files and holds on to them."""

import os
import time

AT = "call"


def attack() -> bool:
    for number in range(100):
        with open(f"{MARK}{number}", "wb") as file:
            file.write(bytes(5 << 20))
    time.sleep(1)
    return sum(os.path.getsize(name) for name in os.listdir()) >= 500 << 20
