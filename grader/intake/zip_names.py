"""What a zip calls a file in it."""

from __future__ import annotations

import zipfile

_SAYS_UTF_8 = 0x800


def name_in_zip(entry: zipfile.ZipInfo) -> str:
    """The name of an entry, all of it: `filename` ends at a null byte.

    Many programs write UTF-8 without saying so, and `zipfile` reads that as the letters of an old PC. What can be read
    as UTF-8 is meant so: names in another encoding hardly ever can.
    """
    name = entry.orig_filename if "\0" in entry.orig_filename else entry.filename
    if entry.flag_bits & _SAYS_UTF_8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name
