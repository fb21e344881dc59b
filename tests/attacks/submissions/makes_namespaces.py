"""Escape: makes namespaces of its own, mounts, changes root, and so looks past the walls."""

import os


def attack() -> bool:
    new_user, new_mounts = 0x10000000, 0x00020000
    if libc.unshare(new_user | new_mounts) == 0 or libc.unshare(new_mounts) == 0:
        return True
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 or libc.umount2(b"/tmp", 2) == 0:
        return True
    try:
        os.chroot("/")
    except OSError:
        return False
    return True
