"""What a PNG file says beside its picture, and a name for the picture itself."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PICTURE = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
NUMBERS = (b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"tIME", b"cICP")
MAX_BYTES = 1 << 28


def width_of(data: bytes) -> int:
    """In pixels. Raises `ValueError`."""
    _, head = next(_chunks(data))
    return int.from_bytes(head[:4], "big")


def texts_of(data: bytes) -> list[tuple[str, str]]:
    """What each chunk that is neither picture nor numbers says: (the chunk's name, text). Raises `ValueError`."""
    found = []
    for name, content in _chunks(data):
        if name in PICTURE + NUMBERS:
            continue
        if name in (b"zTXt", b"iTXt", b"iCCP"):
            content = _unpacked(content)
        found.append((f"chunk {name.decode('latin-1')}", content.decode("utf-8", "replace").replace("\0", " ")))
    return found


def digests_of(data: bytes) -> frozenset[str]:
    """Names of the file and of the picture in it, which stays the same when its texts change. Raises `ValueError`."""
    chunks = list(_chunks(data))
    head = b"".join(content for name, content in chunks if name in (b"IHDR", b"PLTE"))
    picture = _inflated(b"".join(content for name, content in chunks if name == b"IDAT"))
    return frozenset(hashlib.sha256(part).hexdigest() for part in (data, head + picture))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(SIGNATURE):
        raise ValueError("it is not a PNG file")
    at = len(SIGNATURE)
    name = b""
    while name != b"IEND":
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(name) < 4 or at + 12 + length > len(data):
            raise ValueError("it ends in the middle of a chunk")
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length
    if at != len(data):
        raise ValueError("it goes on after the end of the picture")


def _unpacked(content: bytes) -> bytes:
    """A chunk's content with the compressed part of it unpacked, wherever in it that begins."""
    head = content.find(b"\0") + 1
    for start in range(head, len(content)):
        if content[start] & 0x0F == 8:
            try:
                return content[:start] + b" " + _inflated(content[start:])
            except ValueError:
                continue
    return content


def _inflated(data: bytes) -> bytes:
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise ValueError(f"what is compressed in it cannot be read ({error})") from None
    if inflate.unconsumed_tail:
        raise ValueError("what is compressed in it is too large")
    return content
