"""Reading: goes through all descriptor numbers for a file, folder or socket that the fork server left open."""

import os
import stat


def attack() -> bool:
    for fd in range(4, 5000):
        try:
            kind = os.fstat(fd).st_mode
        except OSError:
            continue
        if stat.S_ISDIR(kind) or stat.S_ISREG(kind) or stat.S_ISSOCK(kind):
            return True
    return False
