"""Namespaces: the fork server's own process tree, its own empty network, and a file system that holds only Python.

The fork server moves in once; a worker then costs one `unshare` and two small mounts. What is not mounted here does
not exist for a worker: no /proc, no home folders, no course, no other submission.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from grader.sandbox.confine import kernel

DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SHARED_MEMORY = "/dev/shm"


def own_user_and_pids() -> None:
    """Gives children forked from now on a process tree of their own, in which the next child is process 1.

    An ordinary user needs a user namespace for it, in which they are themselves and may mount. Must run while there is
    one thread.
    """
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        kernel.unshare(kernel.CLONE_NEWPID)
        return
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def own_root(readable: Sequence[str], scratch: str) -> None:
    """Moves into a new read-only root that holds `readable` and an empty `scratch` folder, and cuts the network."""
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    # Opened before /tmp is covered: one of them may lie below it.
    sources = {path: os.open(path, os.O_PATH) for path in (*readable, *DEVICES) if os.path.exists(path)}
    kernel.mount("tmpfs", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=0755")
    for path, source in sources.items():
        target = "/tmp" + path
        if stat.S_ISDIR(os.fstat(source).st_mode):  # not by the path, which may be covered by now
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        kernel.mount(f"/proc/self/fd/{source}", target, "", kernel.MS_BIND | kernel.MS_REC)
        os.close(source)
        if path not in DEVICES:  # "no devices" would make the device files useless
            kernel.read_only(target, recursive=True)
    for folder in (scratch, SHARED_MEMORY):
        os.makedirs("/tmp" + folder, exist_ok=True)
    os.chdir("/tmp")
    kernel.pivot_root(".", ".")
    kernel.umount(".")
    os.chdir("/")
    kernel.read_only("/", recursive=False)


def own_pids_for_children() -> None:
    """The next child that this process forks is process 1 of its own tree.

    `back_to` undoes it for the children after.
    """
    kernel.unshare(kernel.CLONE_NEWPID)


def back_to(pids: int) -> None:
    kernel.setns(pids, kernel.CLONE_NEWPID)


def own_scratch(scratch: str, megabytes: int) -> None:
    """A worker's private scratch folder and shared memory: in memory, limited in size, gone with the worker."""
    kernel.unshare(kernel.CLONE_NEWNS)
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", scratch, "tmpfs", flags, f"size={megabytes}m,nr_inodes=4096,mode=0777")
    kernel.mount("tmpfs", SHARED_MEMORY, "tmpfs", flags, "size=8m,nr_inodes=256,mode=0777")


def own_user() -> None:
    """A user namespace in which no user exists: nothing can be changed into, and threads are counted apart."""
    kernel.unshare(kernel.CLONE_NEWUSER)
