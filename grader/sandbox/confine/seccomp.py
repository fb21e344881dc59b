"""Seccomp: the list of system calls that a worker may make. `export_filters` says which, and why.

Nothing passes it that starts a process, runs a program, opens a socket or reaches another process; threads, files and
memory do.
"""

from __future__ import annotations

import os
import struct
from functools import cache
from pathlib import Path

from grader.sandbox.confine import kernel

OWN_PID = 0x3A57C0DE  # stands in the filter for the number of the process that loads it: higher than any process number


@cache
def template() -> bytes:
    """This machine's filter. Read from its file once, by the fork server: a worker could no longer open it."""
    return Path(__file__).with_name(f"{kernel.machine()}.bpf").read_bytes()


def restrict() -> None:
    """Confines the calling thread and its future threads for good.

    The last layer: the others need calls that this one refuses.
    """
    kernel.load_filter(for_process(template(), os.getpid()))


def for_process(program: bytes, pid: int) -> bytes:
    """`program` with its placeholder replaced by `pid`."""
    instructions = [struct.unpack("<HBBI", program[at : at + 8]) for at in range(0, len(program), 8)]
    if not any(value == OWN_PID for *_, value in instructions):
        raise OSError("the seccomp filter is damaged: it has no place for the process number")
    return b"".join(struct.pack("<HBBI", *rest, pid if value == OWN_PID else value) for *rest, value in instructions)
