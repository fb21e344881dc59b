"""What running an experiment takes: your modules, progress, and processes that do not outlive it."""

import importlib.util
import os
import sys
from collections.abc import Sequence
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from types import ModuleType


def load_module(name: str, file: Path, takes: str) -> ModuleType:
    """The module in a file, under this name. Without the file a FileNotFoundError says what --solution `takes`."""
    if not file.is_file():
        raise FileNotFoundError(f"{file} does not exist; --solution takes {takes}")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_modules(folder: Path, names: Sequence[str]) -> dict[str, ModuleType]:
    """The modules of these names in a folder. Raises FileNotFoundError."""
    takes = f"the folder of {', '.join(f'{name}.py' for name in names)}"
    return {name: load_module(name, folder / f"{name}.py", takes) for name in names}


def say(line: str) -> None:
    """Progress and complaints go to stderr, so that `python experiment.py > table.md` holds the tables alone."""
    print(line, file=sys.stderr, flush=True)


def end_with_parent() -> None:
    """In a process of a pool: it ends when whoever started it is gone. One that was killed cannot say so."""
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
