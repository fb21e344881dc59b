"""A short name for a text, by which an untouched stub is known again."""

from __future__ import annotations

import hashlib

HEAD, TAIL = "head", "tail"  # names of the parts of a module before its first definition, and after its last


def digest(source: str) -> str:
    """16 hexadecimal digits. Blank lines and white space at the ends of lines do not count."""
    lines = [line.rstrip() for line in source.splitlines() if line.strip()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
