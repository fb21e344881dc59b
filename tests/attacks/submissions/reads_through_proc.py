"""Reading: goes to the secret files by the judge's working folder, root and open files in /proc."""

import glob


def attack() -> bool:
    found = [f"/proc/{JUDGE}/root{path}" for path in (*CANARIES, *SOLUTION_FILES)]
    found += glob.glob(f"/proc/{JUDGE}/fd/*") + glob.glob("/proc/[0-9]*/cwd/*")[:50]
    return holds_secret(*found)
