"""Escape: starts a process that lives on, by fork, exec, a shell and posix_spawn."""

import os
import subprocess
import time


def attack() -> bool:
    for start in (
        lambda: subprocess.Popen(["/bin/sleep", "20"]),
        lambda: os.posix_spawn("/bin/sleep", ["sleep", "20"], {}),
        lambda: os.system("sleep 20 &") == 0 or 1 / 0,
        lambda: os.forkpty(),
    ):
        try:
            start()
        except (OSError, ZeroDivisionError) as error:
            print(error)
            continue
        time.sleep(0.1)
        return True
    return False
