"""Exhaustion: takes three gigabytes in small objects."""

AT = "call"


def attack() -> bool:
    held = [bytes(1 << 20) + bytes([i % 256]) for i in range(3000)]
    return len(held) == 3000
