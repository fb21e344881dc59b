"""Exhaustion: computes without end in one call of C code, where no signal handler of Python's could run."""

AT = "call"


def attack() -> bool:
    pow(3, 10**9)
    return False
