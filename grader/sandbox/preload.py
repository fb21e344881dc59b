"""What each worker would otherwise import by itself: PyTorch, what its first optimiser brings in, a homework's models.

This runs in the fork server, so it imports nothing of the course.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# For whatever could look for models in a network, and for threads that a fork would not take along.
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


@dataclass(frozen=True)
class Preload:
    """What a fork server has in memory before it forks: modules (name -> file) and weights (name -> file).

    `digests` are of all that these depend on: with others, it is another preload.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON; `Preload(**plain)` is the same again."""
        return asdict(self)


NOTHING = Preload()


def pytorch() -> None:
    """Takes seconds, once: in the fork server before it forks, or in a spawned worker before it says hello."""
    import torch
    import torch._dynamo

    torch.manual_seed(0)
    net = torch.nn.Linear(2, 1)
    optimiser = torch.optim.AdamW(net.parameters())
    torch.nn.functional.mse_loss(net(torch.ones(1, 2)), torch.ones(1, 1)).backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def models(preload: Preload) -> None:
    """Imports the modules and hands each that has a function `preload` the files of the weights.

    A worker inherits all that these leave in memory, so nothing of it may be shared memory that it could write into:
    a file's pages are mapped privately, or read-only. Raises `RuntimeError` when a module does otherwise, or is not the
    one that was meant.
    """
    if not preload.modules:
        return
    from grader.sandbox.mappings import mappings, read_in

    before = set(mappings())
    folders = list(dict.fromkeys(os.path.dirname(file) for file in preload.modules.values()))
    sys.path += folders  # after all packages, so that nothing there is taken for one
    try:
        for name, file in preload.modules.items():
            module = importlib.import_module(name)
            if getattr(module, "__file__", None) != file:
                raise RuntimeError(f"`import {name}` finds {getattr(module, '__file__', None)} and not {file}")
            if (hook := getattr(module, "preload", None)) is not None:
                hook({name: Path(path) for name, path in preload.files.items()})
    finally:
        sys.path[:] = [folder for folder in sys.path if folder not in folders]
    if found := [each for each in mappings() if each.changes_others and each not in before]:
        raise RuntimeError(
            f"preloading {', '.join(preload.modules)} left memory that workers could change for each other: "
            f"{', '.join(sorted({each.file or 'no file' for each in found}))}. Map files privately or read-only, and "
            "share no tensors"
        )
    read_in(preload.files.values())
