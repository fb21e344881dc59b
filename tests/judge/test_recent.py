"""A memory of bounded size."""

from hypothesis import given
from hypothesis import strategies as st

from grader.judge.recent import Recent


def test_the_oldest_is_let_go_when_there_is_no_room() -> None:
    recent = Recent[str](10)
    for name in ("a", "b", "c"):
        recent.add(name, name.upper(), 4)
    assert [recent.get(name) for name in ("a", "b", "c")] == [None, "B", "C"]


def test_what_was_asked_for_is_the_newest() -> None:
    recent = Recent[str](10)
    recent.add("a", "A", 4)
    recent.add("b", "B", 4)
    assert recent.get("a") == "A"
    recent.add("c", "C", 4)
    assert [recent.get(name) for name in ("a", "b", "c")] == ["A", None, "C"]


def test_what_is_too_large_is_returned_and_not_kept() -> None:
    recent = Recent[str](10)
    assert recent.add("large", "LARGE", 11) == "LARGE"
    assert recent.get("large") is None
    assert recent.add("small", "SMALL", 10) == "SMALL"
    assert recent.get("small") == "SMALL"


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 6))))
def test_never_more_than_there_is_room_for(added: list[tuple[str, int]]) -> None:
    recent, sizes = Recent[int](10), dict[str, int]()
    for name, size in added:
        recent.add(name, size, size)
        sizes[name] = size
        kept = [each for each in sizes if recent.get(each) is not None]
        assert sum(sizes[each] for each in kept) <= 10
        assert all(recent.get(each) == sizes[each] for each in kept)
