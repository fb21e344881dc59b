"""Folders whose modules can be imported for a while: how practice finds what grading has preloaded."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import ModuleType


@contextlib.contextmanager
def importable(folders: Sequence[str]) -> Iterator[None]:
    """In the body, `import name` finds the modules in these folders. Nothing is imported before somebody asks for it.

    A module of the same name that came from elsewhere, such as from a folder of the student's own, is put aside.
    """
    if not folders:
        yield
        return
    files = {path.stem: path for folder in folders for path in Path(folder).glob("*.py")}
    others = {
        name
        for name, path in files.items()
        if name in sys.modules and getattr(sys.modules[name], "__file__", None) != str(path)
    }
    aside = take_out(others)
    before = list(sys.path)
    sys.path += folders  # after all packages, as in the fork server
    try:
        yield
    finally:
        sys.path[:] = before
        take_out(others)
        sys.modules.update(aside)


def take_out(names: Collection[str]) -> dict[str, ModuleType]:
    """Removes these modules, and the modules inside them, from those that are imported, and returns them."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in names}
