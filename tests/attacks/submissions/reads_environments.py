"""Reading: looks for a secret in its own environment and arguments, and in those of every process."""

import glob
import os
import sys


def attack() -> bool:
    return tells_secret(f"{os.environ} {sys.argv} {sys.orig_argv}") or holds_secret(*glob.glob("/proc/[0-9]*/environ"))
