"""Exhaustion: starts two thousand threads with small stacks."""

import threading

AT = "call"


def attack() -> bool:
    threading.stack_size(64 << 10)
    release, started = threading.Event(), 0
    try:
        for _ in range(2000):
            threading.Thread(target=release.wait, daemon=True).start()
            started += 1
    finally:
        release.set()
        print(f"{started} threads")
    return False
