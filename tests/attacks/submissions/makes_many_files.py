"""Exhaustion: makes a hundred thousand empty files, which take no space but have to be looked at and removed."""

import os
import time

AT = "call"


def attack() -> bool:
    end, made = time.time() + 2.5, 0
    try:
        while made < 100_000 and time.time() < end:
            os.close(os.open(f"{MARK}{made}", os.O_CREAT))
            made += 1
    finally:
        print(f"{made} files")
    return made == 100_000
