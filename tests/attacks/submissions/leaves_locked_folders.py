"""Exhaustion: leaves folders that nobody may enter and names that are hard to write, so that they cannot be removed."""

import os
import time

AT = "call"


def attack() -> bool:
    os.makedirs(f"{MARK}a/b/c")
    for name in (b"\xff\xfe", b"\n\x1b[2J", b"-rf", b"x" * 255):
        open(os.path.join(MARK.encode() + b"a/b/c", name), "wb").close()
    os.symlink("/", f"{MARK}a/b/root")
    for folder in (f"{MARK}a/b/c", f"{MARK}a/b", f"{MARK}a"):
        os.chmod(folder, 0)
    time.sleep(0.5)
    return False
