"""Escape: asks for other users, groups and capabilities."""

import os


def attack() -> bool:
    if os.getuid() != 0:
        for change in (os.setuid, os.setgid, lambda user: os.setresuid(user, user, user)):
            try:
                change(0)
                return True
            except OSError as error:
                print(error)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    return syscall(126, ctypes.addressof(header), ctypes.addressof(sets)) == 0 or libc.prctl(47, 2, 0, 0, 0) == 0
