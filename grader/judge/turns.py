"""Which check comes when: pytest keeps what two checks in a row both need set up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest


def in_turn(chosen: Sequence[pytest.Item], first: pytest.Item) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each chosen check, with the one that comes next: that keeps what both need set up.

    Before and after, what stands set up is for the `first` check of all. A check that comes next to itself would keep
    its own too, and so be asked of the submission before: then nothing stays.
    """
    if not chosen:
        return
    if chosen[0] is not first:
        first.ihook.pytest_runtest_teardown(item=first, nextitem=chosen[0])
    for item, following in zip(chosen, [*chosen[1:], first], strict=True):
        yield item, None if following is item else following
