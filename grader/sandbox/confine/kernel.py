"""The Linux calls that the standard library lacks, as functions that raise `OSError` with the name of what failed."""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
SECCOMP_MODE_FILTER = 2
_POPULATE_READ = 22

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_CAPABILITY_VERSION_3 = 0x20080522

# Calls that glibc does not wrap. mount_setattr has the same number on every architecture.
_MOUNT_SETATTR = 442
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CAPSET = {"x86_64": 126, "aarch64": 91}

_libc = ctypes.CDLL(None, use_errno=True)


def machine() -> str:
    """`x86_64` or `aarch64`; raises `OSError` elsewhere, where the layers have no system call numbers to use."""
    name = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}.get(platform.machine())
    if name is None:
        raise OSError(f"confinement knows x86_64 and aarch64, not {platform.machine()}")
    return name


def unshare(flags: int) -> None:
    _checked("unshare", _libc.unshare(ctypes.c_int(flags)))


def setns(fd: int, kind: int) -> None:
    _checked("setns", _libc.setns(ctypes.c_int(fd), ctypes.c_int(kind)))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    arguments = (
        source.encode(),
        target.encode(),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    _checked(f"mount {target}", _libc.mount(*arguments))


def umount(target: str) -> None:
    _checked(f"umount {target}", _libc.umount2(target.encode(), MNT_DETACH))


def read_only(target: str, *, recursive: bool) -> None:
    """Makes a mount (and those below it) read-only, without devices and set-uid programs. Needs Linux 5.12."""
    attributes = (ctypes.c_uint64 * 4)(_ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV, 0, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    _syscall("mount_setattr", _MOUNT_SETATTR, _AT_FDCWD, target.encode(), flags, ctypes.byref(attributes), 32)


def pivot_root(new: str, old: str) -> None:
    _syscall("pivot_root", _PIVOT_ROOT[machine()], new.encode(), old.encode())


def prctl(option: int, *arguments: Any) -> None:
    padded = [
        arg if isinstance(arg, ctypes._SimpleCData) else ctypes.c_ulong(arg) for arg in (*arguments, 0, 0, 0, 0)[:4]
    ]
    _checked(f"prctl {option}", _libc.prctl(ctypes.c_int(option), *padded))


def drop_capabilities() -> None:
    """Empties this thread's effective, permitted and inheritable capabilities."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _syscall("capset", _CAPSET[machine()], ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def populate(address: int, length: int) -> None:
    """Reads every page of a mapping in, as reading one byte of each would."""
    _checked("madvise", _libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(length), ctypes.c_int(_POPULATE_READ)))


def load_filter(program: bytes) -> None:
    """Installs a seccomp filter, given as the bytes of its BPF instructions, on the calling thread for good."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    described = Program(len(program) // 8, program)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(described)))


def _syscall(name: str, number: int, *arguments: Any) -> None:
    wide = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in arguments]
    _checked(name, _libc.syscall(ctypes.c_long(number), *wide))


def _checked(what: str, result: int) -> None:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
