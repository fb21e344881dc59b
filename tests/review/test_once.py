"""What takes long is made once, whoever asks for it meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.review.once import Once


def test_who_asks_while_it_is_made_waits_for_the_same() -> None:
    made, begun, may_end = list[str](), threading.Event(), threading.Event()
    kept = Once[str](3)

    def make() -> str:
        made.append("x")
        begun.set()
        assert may_end.wait(60)
        return "done"

    with ThreadPoolExecutor(4) as people:
        first = people.submit(kept.get, "a", make)
        assert begun.wait(60)
        others = [people.submit(kept.get, "a", make) for _ in range(3)]
        may_end.set()
        assert [each.result(60) for each in (first, *others)] == ["done"] * 4
    assert made == ["x"]


def test_what_fails_is_told_and_tried_again() -> None:
    kept = Once[int](3)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 1) == 1
    assert kept.get("a", lambda: 2) == 1


def test_only_the_last_are_kept() -> None:
    kept = Once[int](2)
    for key, value in (("a", 1), ("b", 2), ("a", 9), ("c", 3), ("a", 9), ("b", 4)):
        kept.get(key, lambda value=value: value)
    assert [kept.get(key, lambda: 0) for key in ("a", "b")] == [1, 4]
