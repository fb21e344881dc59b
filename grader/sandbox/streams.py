"""A worker's standard output and error."""

from __future__ import annotations

import io
import os
import sys


def unbuffer() -> None:
    """Makes what is printed leave at once, so that it still reaches the judge when the process crashes."""
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(os.fdopen(fd, "wb", 0), "utf-8", "backslashreplace", write_through=True) for fd in (1, 2)
    )
