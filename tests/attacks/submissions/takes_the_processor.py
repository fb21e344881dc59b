"""Escape: gives itself a higher priority and binds the judge to one core."""

import os


def attack() -> bool:
    ways = (
        lambda: os.nice(-5),
        lambda: os.setpriority(os.PRIO_PROCESS, JUDGE, 10),
        lambda: os.sched_setaffinity(JUDGE, {0}),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    )
    for way in ways:
        try:
            way()
            return True
        except OSError as error:
            print(error)
    return False
