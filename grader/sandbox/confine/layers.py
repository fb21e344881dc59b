"""Which walls this machine has, found out by trying each in a throw-away process, and their order around a worker.

A layer that was found is promised. When it then cannot be put up around a worker, the worker ends (an exception here)
and the judge reports a broken sandbox: no submission ever runs behind fewer walls than the report names.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.sandbox.confine import identity, kernel, landlock, namespaces, rlimits, seccomp
from grader.sandbox.replies import Limits

LAYERS = ("namespaces", "user", "privileges", "landlock", "seccomp", "rlimits")
# What each degree of confinement asks for. "best" takes every layer that works.
WANTED = {
    "best": LAYERS,
    "full": LAYERS,
    "container": ("user", "privileges", "landlock", "seccomp", "rlimits"),
    "bare": ("rlimits",),
}
# "full" is refused where one of these is missing; "user" is not among them: only root can change it.
NEEDED_FOR_FULL = ("namespaces", "privileges", "landlock", "seccomp", "rlimits")

SYSTEM_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime")


@dataclass(frozen=True)
class Walls:
    """The layers that will stand around every worker, and why each other one does not."""

    active: tuple[str, ...]
    missing: dict[str, str]
    readable: tuple[str, ...]
    scratch: str = "/tmp"  # inside the jail; without namespaces each worker gets a folder of its own instead
    strong: bool = False

    def __contains__(self, layer: str) -> bool:
        return layer in self.active

    def around_fork_server(self) -> None:
        """Shuts the jail that all workers share. Afterwards there is no /proc and nothing to read but Python."""
        if "namespaces" in self:
            namespaces.own_root(self.readable, self.scratch)

    def around_worker(self, number: int, limits: Limits, base: rlimits.Baseline, scratch: str) -> None:
        """Puts up every layer around the calling process, which must have one thread. Raises when one cannot be had."""
        counted_apart = "namespaces" in self or "user" in self
        if "namespaces" in self:
            namespaces.own_scratch(scratch, limits.scratch_mb)
            if "user" not in self:
                namespaces.own_user()
        rlimits.apply(
            base,
            cpu_s=limits.total_cpu_s,
            memory_mb=limits.memory_mb,
            scratch_mb=limits.scratch_mb,
            open_files=limits.open_files,
            processes=limits.processes if counted_apart else None,
        )
        if "user" in self:
            identity.become(identity.user_for(number))
        if "privileges" in self:
            identity.drop_privileges()
        identity.die_with_parent()
        os.chdir(scratch)
        if "landlock" in self:
            shared = (namespaces.SHARED_MEMORY,) if "namespaces" in self else ()
            landlock.restrict(self.readable, (scratch, *shared), namespaces.DEVICES)
        if "seccomp" in self:
            seccomp.restrict()


def survey(confinement: str) -> Walls:
    """Tries every layer that `confinement` asks for. Must run while the process has one thread."""
    readable = readable_folders()
    scratch = "/scratch" if any(path.startswith("/tmp/") for path in readable) else "/tmp"
    attempts: dict[str, Callable[[], None]] = {
        "namespaces": lambda: _try_namespaces(readable, scratch),
        "user": lambda: _try_user(readable, scratch, in_jail="namespaces" not in missing),
        "privileges": _try_privileges,
        "landlock": lambda: _try_landlock(readable),
        "seccomp": _try_seccomp,
    }
    missing = {layer: "not asked for" for layer in LAYERS if layer not in WANTED[confinement]}
    for layer, attempt in attempts.items():
        if layer not in missing and (reason := outcome_of(attempt)):
            missing[layer] = reason
    active = tuple(layer for layer in LAYERS if layer not in missing)
    return Walls(active, missing, readable, scratch, strong_enough(active, landlock.version()))


def strong_enough(active: Sequence[str], landlock_version: int) -> bool:
    """Whether marks may rest on these layers: seccomp, and something that keeps files of others out of reach.

    Landlock before version 3 (Linux 6.2) lets a file be emptied by opening it, so it is not enough for a worker that
    shares its user with the owner of the files.
    """
    apart = "namespaces" in active or "user" in active
    return "seccomp" in active and (apart or ("landlock" in active and landlock_version >= 3))


def readable_folders() -> tuple[str, ...]:
    """What Python and PyTorch may load from later: the standard library, installed packages, shared libraries."""
    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    if sys.base_prefix != "/usr":
        folders.append(os.path.join(sys.base_prefix, "lib"))
    for name in ("torch", "numpy", "msgpack"):  # they may be elsewhere, such as in the user's own site-packages
        package = importlib.util.find_spec(name)
        if package is not None and package.origin is not None:
            folders.append(os.path.dirname(os.path.dirname(package.origin)))
    folders += [*SYSTEM_FOLDERS, *SYSTEM_FILES]
    present = sorted({path for path in folders if os.path.exists(path)}, key=len)
    return tuple(path for at, path in enumerate(present) if not any(path.startswith(f"{top}/") for top in present[:at]))


def outcome_of(attempt: Callable[[], None]) -> str:
    """Runs `attempt` in a child that is thrown away; "" when it returned, otherwise why not.

    A child, because half of an attempt cannot be taken back: a system may grant a user namespace and refuse everything
    in it.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
            os._exit(0)
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode()[:2000])
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        text = file.read().decode(errors="replace")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return "" if status == 0 else text or f"the attempt ended with status {status}"


def _try_namespaces(readable: tuple[str, ...], scratch: str) -> None:
    namespaces.own_user_and_pids()
    _raise(outcome_of(lambda: _try_jail(readable, scratch)))


def _try_jail(readable: tuple[str, ...], scratch: str) -> None:
    pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    namespaces.own_root(readable, scratch)
    namespaces.own_pids_for_children()
    _raise(outcome_of(lambda: _try_scratch(scratch)))
    namespaces.back_to(pids)
    if os.path.exists("/proc/self") or not _can_read(readable):
        raise OSError("the new root does not hold what it should")


def _try_scratch(scratch: str) -> None:
    namespaces.own_scratch(scratch, 1)
    if os.geteuid() != 0:
        namespaces.own_user()
    with open(os.path.join(scratch, "trial"), "wb") as file:
        file.write(b"x")


def _try_user(readable: tuple[str, ...], scratch: str, *, in_jail: bool) -> None:
    if os.geteuid() != 0:
        raise OSError("only root can give each worker a user of its own")
    if in_jail:  # where a folder that leads to Python may be closed to others, as /root is
        namespaces.own_root(readable, scratch)
    identity.become(identity.user_for(0))
    if not _can_read(readable):
        raise OSError(
            f"another user could not read Python's own files below {sys.prefix}; install it where all users can"
        )


def _try_privileges() -> None:
    identity.drop_privileges()


def _try_landlock(readable: tuple[str, ...]) -> None:
    if landlock.version() == 0:
        raise OSError("the kernel has no Landlock, or it is switched off")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(readable, (), namespaces.DEVICES)
    if not _can_read(readable):
        raise OSError("Landlock closed what it should leave open")
    try:
        os.listdir("/")
    except PermissionError:
        return
    raise OSError("Landlock did not close the root folder")


def _try_seccomp() -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.restrict()
    try:
        child = os.fork()
    except PermissionError:
        return
    if child == 0:
        os._exit(0)
    raise OSError("the seccomp filter let a process be created")


def _can_read(folders: tuple[str, ...]) -> bool:
    try:
        for folder in folders:
            if os.path.isdir(folder):
                os.listdir(folder)
        with open(os.__file__, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def _raise(reason: str) -> None:
    if reason:
        raise OSError(reason)
