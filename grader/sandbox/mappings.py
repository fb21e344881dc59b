"""What this process has mapped into its memory, from /proc: what its children will share with it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from grader.sandbox.confine import kernel


@dataclass(frozen=True)
class Mapping:
    """One mapping. `flags` are the kernel's short words: "ms" may be shared, "mw" may be written, also later."""

    start: int
    end: int
    file: str
    flags: frozenset[str]

    @property
    def changes_others(self) -> bool:
        """Whether a child would share it and could write into it, now or after `mprotect`."""
        return {"ms", "mw"} <= self.flags


def mappings() -> Iterator[Mapping]:
    """All mappings of this process."""
    start, end, file = 0, 0, ""
    with open("/proc/self/smaps") as lines:
        for line in lines:
            head, _, rest = line.partition(" ")
            if not head.endswith(":"):
                start, end = (int(address, 16) for address in head.split("-"))
                file = [*rest.split(maxsplit=4), ""][4].strip()
            elif head == "VmFlags:":
                yield Mapping(start, end, file, frozenset(rest.split()))


def read_in(files: Collection[str]) -> None:
    """Reads the mapped pages of these files, so that a child finds them in memory, and has none of them for itself.

    A kernel before 5.14 cannot: then each page is read when it is first needed.
    """
    for mapping in mappings():
        if mapping.file in files:
            with contextlib.suppress(OSError):
                kernel.populate(mapping.start, mapping.end - mapping.start)
