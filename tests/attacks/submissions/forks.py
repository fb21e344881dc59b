"""Exhaustion: starts twenty processes by every way there is."""

import os


def attack() -> bool:
    for _ in range(20):
        try:
            pid = os.fork()
        except OSError:
            continue
        if pid == 0:
            os._exit(0)
        return True
    if libc.vfork() >= 0:
        return True
    clone3 = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17, 0, 0, 0)
    made = syscall(435, ctypes.addressof(clone3), 64)
    if made == 0:
        os._exit(0)
    return made > 0 or syscall(56, 0, 0, 0, 0, 0) >= 0
