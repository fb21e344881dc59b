"""Exhaustion: takes three gigabytes in shared maps, memory files and shared segments, which limits of a process miss."""

import mmap
import os

AT = "call"


def attack() -> bool:
    size, won = 1 << 30, False
    try:
        memory = mmap.mmap(-1, size)
        for at in range(0, size, 4096):
            memory[at] = 1
        won = True
    except OSError as error:
        print(error)
    try:
        fd = os.memfd_create(MARK)
        os.ftruncate(fd, size)
        os.pwrite(fd, b"x", size - 1)
        won = True
    except OSError as error:
        print(error)
    segment = syscall(29, 0, size, 0o1600)  # shmget
    if segment >= 0:
        syscall(31, segment, 0, 0)  # and away with it again
        won = True
    return won
