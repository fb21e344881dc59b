"""A submission is of whoever the roster says, or of nobody: it is never guessed, and nothing is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.matching import Matched, match, plain
from grader.book.roster import Person, Roster
from grader.errors import CourseError
from grader.intake.names import folded, safe_name
from grader.intake.platforms import labels


def roster(**names: str) -> Roster:
    """Keys, and what each is called in the one system, "site"."""
    return Roster(
        tuple(Person(key, key.title(), {"site": name} if name else {}) for key, name in names.items()), ("site",)
    )


ROSTER = roster(ada="Ada Lovelace", max="Müller, Max", bob="bob", eve="10007")


@pytest.mark.parametrize(
    ("name", "key", "how"),
    [
        ("Ada Lovelace", "ada", ""),
        ("ADA  LOVELACE ", "ada", "but for case, accents, spaces or order"),
        ("Lovelace, Ada", "ada", "but for case, accents, spaces or order"),
        ("Max Müller", "max", "but for case, accents, spaces or order"),
        ("Max Mu\u0308ller", "max", "but for case, accents, spaces or order"),
        ("max muller", "max", "but for case, accents, spaces or order"),
        ("Ada Lovelace_1234", "ada", "as its platform writes it"),
        ("lovelaceada_10001", "ada", "as its platform writes it"),
        ("müllermax_10002", "max", "as its platform writes it"),
        ("whoever_10007", "eve", "as its platform writes it"),
        ("12345-67890 - Ada Lovelace", "ada", "as its platform writes it"),
    ],
)
def test_the_same_name_however_it_is_written(name: str, key: str, how: str) -> None:
    found = match([name], ROSTER, "site")
    assert found == Matched({name: key}, {}, {}, {name: how} if how else {})


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelac",
        "Ada",
        "Lovelace Ada",
        "A. Lovelace",
        "Eva Ten_10007",
        "Eva_10007",
        "10007 ",
        "Eve",
        "adalovelace",
        "\u0301",
        "",
    ],
)
def test_what_is_only_alike_is_never_taken(name: str) -> None:
    found = match([name], ROSTER, "site").found
    assert found == ({name: "eve"} if name == "10007 " else {})


def test_what_platforms_name_is_found() -> None:
    files = {
        "Ada Lovelace_1234_assignsubmission_file_": True,
        "müllermax_LATE_10002_200001_multitask-1.py": False,
        "HW0_bob_attempt_2026-02-03-10-00-00_multitask.py": False,
    }
    whose = [label.who for label in labels(files).values()]
    found = match(whose, ROSTER, "site")
    assert sorted(found.found.values()) == ["ada", "max"]
    assert [each.key for each in found.unknown["HW0_bob"]] == ["bob"]


def test_a_name_as_results_write_it() -> None:
    """Names of results are safe as file names: "/" is not, and long ones are cut."""
    long = "A" * 80
    people = roster(a="Ada/Lovelace", b=long)
    found = match(["Ada_Lovelace", safe_name(long)], people, "site")
    assert safe_name(long) != long
    assert sorted(found.found.values()) == ["a", "b"]
    assert set(found.how.values()) == {"as results write it"}


def test_what_is_not_found_has_the_nearest_names() -> None:
    found = match(["Ada Lovelase", "lovelacea_3", "Maks Müller", "zzz"], ROSTER, "site")
    assert not found.found
    assert [each.key for each in found.unknown["Ada Lovelase"]] == ["ada"]
    assert [each.key for each in found.unknown["lovelacea_3"]] == ["ada"]
    assert [(each.key, each.spelling) for each in found.unknown["Maks Müller"]] == [("max", "Müller, Max")]
    assert found.unknown["zzz"] == ()


def test_who_has_no_name_there_is_suggested_by_key_and_name() -> None:
    found = match(["ada", "Ada Lovelace"], Roster((Person("ada", "Ada Lovelace", {}),), ("site",)), "site")
    assert not found.found
    assert [[each.key for each in suggested] for suggested in found.unknown.values()] == [["ada"], ["ada"]]
    assert match(["Ada"], ROSTER, "key").found == {"Ada": "ada"}
    assert match(["ADA"], ROSTER, "name").found == {"ADA": "ada"}


def test_two_submissions_of_one_person_are_told_and_not_chosen() -> None:
    found = match(["Ada Lovelace", "Lovelace, Ada", "bob"], ROSTER, "site")
    assert found.twice == {"ada": ("Ada Lovelace", "Lovelace, Ada")}
    assert found.found == {"bob": "bob"}
    assert found.how == {"Lovelace, Ada": "but for case, accents, spaces or order"}


def test_a_name_that_may_be_of_two_is_of_nobody() -> None:
    found = match(["Muller"], roster(a="Müller", b="Mullér"), "site")
    assert found.found == {}
    assert [(each.key, each.alike) for each in found.unknown["Muller"]] == [("a", 1.0), ("b", 1.0)]
    exact = match(["Müller"], roster(a="Müller", b="Mullér"), "site")
    assert exact.found == {"Müller": "a"}


def test_a_number_and_a_name_that_disagree_decide_nothing() -> None:
    found = match(["lovelaceada_10007"], ROSTER, "site")
    assert [each.key for each in found.unknown["lovelaceada_10007"]] == ["ada", "eve"]


def test_a_system_that_is_not_there() -> None:
    with pytest.raises(CourseError, match="The roster has no column 'canvas'"):
        match(["x"], ROSTER, "canvas")


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Lovelace, Ada", "ada lovelace"),
        ("STRASSE", "straße"),
        ("\uff21da", "ada"),
        ("I\u0307da", "ida"),
        ("Smith, John, Jr.", "smith, john, jr."),
        ("Ada,", "ada,"),
    ],
)
def test_plain_names(name: str, same: str) -> None:
    assert plain(name) == plain(same)


# ---- any names -----------------------------------------------------------------------------------------------------

NAMES = st.one_of(
    st.text(alphabet="aAäb, _1é\u0301", min_size=1, max_size=6),
    st.text(alphabet="ab", min_size=1, max_size=3).map(lambda name: f"{name}_1"),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=5),
)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    names = draw(st.lists(NAMES.filter(folded), max_size=6, unique_by=folded))
    return Roster(tuple(Person(f"k{i}", f"n{i}", {"site": name}) for i, name in enumerate(names)), ("site",))


@given(st.lists(NAMES, max_size=6), rosters())
@settings(derandomize=True, max_examples=200)
def test_every_name_is_in_exactly_one_place(names: list[str], people: Roster) -> None:
    found = match(names, people, "site")
    places = [*found.found, *found.unknown, *(name for several in found.twice.values() for name in several)]
    assert sorted(places) == sorted(set(names))
    assert all(len(several) > 1 for several in found.twice.values())
    assert len(set(found.found.values())) == len(found.found)
    assert not set(found.found.values()) & set(found.twice)
    assert {*found.found.values(), *found.twice} <= set(people.by_key)
    assert set(found.how) <= {*found.found, *(name for several in found.twice.values() for name in several)}
    assert match(reversed(names), Roster(people.people[::-1], people.systems), "site") == found


@given(st.lists(NAMES, max_size=6), rosters(), st.integers(0, 6))
@settings(derandomize=True, max_examples=200)
def test_more_people_never_change_who_is_found_exactly(names: list[str], people: Roster, before: int) -> None:
    fewer = Roster(people.people[:before], people.systems)
    then, now = match(names, fewer, "site"), match(names, people, "site")
    exactly = {name: key for name, key in then.found.items() if name not in then.how}
    assert {name: now.found.get(name) for name in exactly} == exactly


@given(rosters())
@settings(derandomize=True, max_examples=100)
def test_everybody_is_found_by_the_name_in_the_roster(people: Roster) -> None:
    names = {person.called("site"): person.key for person in people.people}
    assert match(names, people, "site") == Matched(names, {}, {}, {})


def test_repositories_are_called_after_the_users_of_github() -> None:
    """What they begin with may have hyphens, and so may users. One name alone says nothing of where its user begins."""
    people = [("u1", "ada-l"), ("u2", "turing"), ("u3", "ann"), ("u4", "l")]
    roster = Roster(tuple(Person(key, key, {"github": user}) for key, user in people), ("github",))
    names = ["intro-hw0-ada-l", "intro-hw0-Turing", "intro-hw0-mary-ann", "intro-hw0-nobody"]
    found = match(names, roster, "github")
    assert found.found == {"intro-hw0-ada-l": "u1", "intro-hw0-Turing": "u2"}
    assert set(found.unknown) == {"intro-hw0-mary-ann", "intro-hw0-nobody"}
    assert set(found.how.values()) == {"as its repository is called"}
    assert match(["intro-hw0-ada-l"], roster, "github").found == {}
    assert match(["a-x", "b-y"], roster, "github").found == {}


def test_a_number_of_a_platform_is_nobodys_key() -> None:
    roster = Roster((Person("1", "Ada", {"canvas": "10001"}), Person("2", "Alan", {"canvas": "10002"})), ("canvas",))
    for system in ("key", "name"):
        assert "2" not in match(["ada_2", "hw0_2"], roster, system).found.values()
        assert not set(match(["group_1", "team_2"], roster, system).found)
    assert match(["lovelaceada_10001"], roster, "canvas").found == {"lovelaceada_10001": "1"}
