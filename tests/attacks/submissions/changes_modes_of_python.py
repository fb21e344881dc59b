"""Escape: opens a library file, which it may read, and takes away the access to it for whoever runs next."""

import os
import random


def attack() -> bool:
    with open(random.__file__) as file:
        before = os.fstat(file.fileno()).st_mode
        os.fchmod(file.fileno(), before ^ 0o001)
        changed = os.fstat(file.fileno()).st_mode != before
        os.fchmod(file.fileno(), before)
    return changed
