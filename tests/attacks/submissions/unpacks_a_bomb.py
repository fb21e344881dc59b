"""Exhaustion: unpacks a few kilobytes into three gigabytes."""

import zlib

AT = "call"


def attack() -> bool:
    packer = zlib.compressobj(9)
    small = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    held = [zlib.decompress(small) for _ in range(10)]
    return len(held) == 10
