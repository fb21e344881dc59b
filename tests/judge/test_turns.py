"""The order in which checks come, as pytest is told it."""

from typing import Any

from grader.judge.turns import in_turn


class Item:
    """Notes when what stands set up is taken down, and for which check that comes next."""

    def __init__(self, name: str, taken_down: list[tuple[str, str]]) -> None:
        self.name, self.ihook, self._taken_down = name, self, taken_down

    def pytest_runtest_teardown(self, item: "Item", nextitem: "Item") -> None:
        self._taken_down.append((item.name, nextitem.name))


def turns(chosen: str, first: str = "a") -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    down: list[tuple[str, str]] = []
    items: dict[str, Any] = {name: Item(name, down) for name in "abc"}
    pairs = in_turn([items[name] for name in chosen], items[first])
    return [(item.name, following.name if following else "-") for item, following in pairs], down


def test_the_first_check_of_all_comes_after_the_last() -> None:
    assert turns("abc") == ([("a", "b"), ("b", "c"), ("c", "a")], [])


def test_where_another_one_begins_what_stands_for_the_first_is_taken_down() -> None:
    assert turns("bc") == ([("b", "c"), ("c", "a")], [("a", "b")])


def test_a_check_never_comes_next_to_itself() -> None:
    assert turns("a") == ([("a", "-")], [])


def test_where_no_check_is_chosen_nothing_happens() -> None:
    assert turns("") == ([], [])
