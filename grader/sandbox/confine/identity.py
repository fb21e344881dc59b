"""Who a worker is: nobody, without privileges, without a way to gain any, and dead as soon as its parent is."""

from __future__ import annotations

import os
import signal

from grader.sandbox.confine import kernel

# The range that systemd sets aside for users who exist only while a service runs: no file belongs to any of them. It
# lies below 65536, so that it also exists in a container that maps only that many users.
FIRST_USER, USERS = 61184, 4336


def user_for(number: int) -> int:
    """The user that worker `number` runs as; workers of one fork server that live at the same time never share one."""
    return FIRST_USER + number % USERS


def become(user: int) -> None:
    """Changes from root to `user` and the group of the same number, with no other groups."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if os.getresuid() != (user, user, user) or os.getgroups():
        raise OSError("the change of user did not take effect")


def drop_privileges() -> None:
    """No capabilities now or ever again; no other process of the same user may trace this one or read its memory."""
    for capability in range(64):
        try:
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
        except OSError:  # the last capability was passed, or an ordinary user may not: no_new_privs below covers both
            break
    kernel.prctl(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_CLEAR_ALL)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def die_with_parent() -> None:
    """Asks the kernel for SIGKILL when the parent dies. A change of user cancels it: call this after `become`."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
