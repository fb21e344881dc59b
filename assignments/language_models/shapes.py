"""Modules that have shapes only, to be given weights that are there already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import init
from torch.overrides import TorchFunctionMode

RANDOM_STARTS = (init.normal_, init.uniform_, init.kaiming_uniform_)


class _NothingDrawn(TorchFunctionMode):
    """Leaves out random starts: without memory they mean nothing, and cost PyTorch 800 imports (1 s)."""

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if function in RANDOM_STARTS:
            return args[0] if args else kwargs["tensor"]
        return function(*args, **kwargs)


@contextmanager
def shapes_only() -> Iterator[None]:
    """Modules that are made here take no memory and no time. `load_state_dict(tensors, assign=True)` completes them."""
    with torch.device("meta"), _NothingDrawn():
        yield
