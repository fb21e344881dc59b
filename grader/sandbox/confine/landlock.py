"""Landlock: which files a worker may open, whatever its user could; no TCP; no signals or sockets to the outside."""

from __future__ import annotations

import os
from collections.abc import Sequence

import landlockpy
from landlockpy import AccessFS, Scope

READ = AccessFS.READ_FILE | AccessFS.READ_DIR
USE_DEVICE = AccessFS.READ_FILE | AccessFS.WRITE_FILE
KEEP_FILES = (
    READ
    | AccessFS.WRITE_FILE
    | AccessFS.TRUNCATE
    | AccessFS.MAKE_REG
    | AccessFS.MAKE_DIR
    | AccessFS.MAKE_SYM
    | AccessFS.REMOVE_FILE
    | AccessFS.REMOVE_DIR
    | AccessFS.REFER
)


def version() -> int:
    """The kernel's Landlock version, 0 when it has none.

    The first call looks for libc, so make it before the jail is shut.
    """
    return landlockpy.abi_version()


def restrict(readable: Sequence[str], writable: Sequence[str], devices: Sequence[str]) -> None:
    """Confines the calling thread and its future threads.

    Everything this kernel's Landlock knows is refused unless named here.
    """
    with landlockpy.Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) as rules:
        for path in readable:
            rules.allow_path(path, READ if os.path.isdir(path) else AccessFS.READ_FILE)
        for path in devices:
            rules.allow_path(path, USE_DEVICE)
        for path in writable:
            rules.allow_path(path, KEEP_FILES)
        rules.restrict()
