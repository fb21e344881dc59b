"""Escape: sends signals to the judge, its own parent, its group and everybody, by every call that can."""

import os
import signal


def attack() -> bool:
    for pid in (JUDGE, os.getppid(), -1, 0, -JUDGE):
        if pid in (os.getpid(), 1 if os.getpid() == 1 else None):
            continue
        try:
            os.kill(pid, 0)
            return True
        except OSError as error:
            print(error)
    calls = [
        (234, JUDGE, JUDGE, signal.SIGUSR2),
        (200, JUDGE, signal.SIGUSR2),
        (434, JUDGE, 0),
    ]  # tgkill, tkill, pidfd_open
    return any(syscall(*call) >= 0 for call in calls)
