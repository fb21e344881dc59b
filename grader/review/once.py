"""What takes long is made once: who asks for it while somebody else makes it waits for theirs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Once(Generic[Made]):
    """The last `most` things that were made, by their keys. Several threads may ask.

    What could not be made is not kept: those who waited for it hear why, and the next who asks tries again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Future[Made]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What has this key; `make` makes it where nobody has. Raises what `make` raises."""
        with self._lock:
            there = self._kept.get(key)
            if there is None:
                ours = self._kept[key] = Future[Made]()
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(key)
        if there is not None:
            return there.result()
        try:
            ours.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is ours:
                    del self._kept[key]
            ours.set_exception(error)
        return ours.result()
