"""Copies are found however they are disguised, independent work is not, and no text harms the others."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import grader
from grader.errors import GraderError
from grader.sandbox.shut_in import WALLS
from grader.similarity.compared import Compared, Side, Text, blamed, compared
from grader.similarity.identical import Identical, identical
from grader.similarity.page import index_page, pair_page, stretches

GIVEN = '''"""A tiny homework."""


def loss(scores, labels, weights):
    """The weighted mean of the losses."""
    raise NotImplementedError
'''
WORK = '''
def loss(scores, labels, weights):
    """The weighted mean of the losses."""
    total = 0.0
    for score, label, weight in zip(scores, labels, weights):
        difference = score - label
        if weight < 0:
            raise ValueError("a weight is negative")
        total += weight * difference * difference
    norm = sum(weights)
    return total / norm if norm > 0 else total


def shuffled(rows, generator):
    order = list(range(len(rows)))
    for place in range(len(order) - 1, 0, -1):
        other = int(generator.random() * (place + 1))
        order[place], order[other] = order[other], order[place]
    return [rows[place] for place in order]
'''
DISGUISED = re.sub(
    r"\b(total|score|label|weight|difference|norm|order|place|other|rows)\b", lambda found: f"my_{found[0]}_x", WORK
).replace("    norm", "    # The sum of all of them.\n    norm")
OTHERS = {
    "bob": """
import torch


def loss(scores, labels, weights):
    weights = torch.as_tensor(weights)
    if bool((weights < 0).any()):
        raise ValueError("negative")
    return ((scores - labels).square() * weights).sum() / weights.sum().clamp(min=1e-9)


def shuffled(rows, generator):
    return [rows[i] for i in torch.randperm(len(rows), generator=generator).tolist()]
""",
    "eve": """
def loss(scores, labels, weights):
    assert min(weights, default=0) >= 0
    pieces = [w * (s - y) ** 2 for s, y, w in zip(scores, labels, weights)]
    return sum(pieces) / (sum(weights) or 1)


def shuffled(rows, generator):
    keyed = sorted(((generator.random(), i) for i in range(len(rows))))
    return [rows[i] for _, i in keyed]
""",
}


def texts(**sources: str) -> list[Text]:
    return [Text(owner, "tiny", source) for owner, source in sources.items()]


def owners(found: Compared) -> list[set[str]]:
    return [{pair.one.text.owner, pair.other.text.owner} for pair in found.pairs]


def test_a_renamed_copy_is_found_and_independent_work_is_not() -> None:
    found = compared(texts(ada=WORK, copy=DISGUISED, **OTHERS), [GIVEN])
    assert owners(found) == [{"ada", "copy"}]
    (pair,) = found.pairs
    assert min(pair.one.share, pair.other.share) > 0.9
    for side in (pair.one, pair.other):
        marked = "".join(each.text for each in stretches(side) if each.shared)
        assert "enerator.random() *" in marked
        assert "".join(each.text for each in stretches(side)) == side.text.source


def test_what_was_handed_out_and_what_many_have_is_nobodys_copy() -> None:
    assert compared(texts(ada=GIVEN + WORK, bob=GIVEN + OTHERS["bob"]), [GIVEN]).pairs == ()
    assert owners(compared(texts(ada=WORK, bob=WORK), [WORK])) == []
    many = {f"s{i}": WORK for i in range(8)}
    assert compared(texts(**many), []).pairs == ()


def test_many_who_have_the_same_text_are_told_together() -> None:
    many = {f"s{i}": GIVEN + f"# by {i}\n" + WORK for i in range(8)}
    earlier = [Text(f"2025: {name}", "tiny", DISGUISED, True) for name in ("zoe", "max")]
    stubs = {"stub": GIVEN, "other": GIVEN + "\n", "short": GIVEN + "x = 1", "brief": GIVEN + "x = 1"}
    found = compared([*texts(**many, **stubs), *earlier], [GIVEN])
    assert found.identical == (Identical("tiny", tuple(sorted(many))),)
    assert found.common == {"tiny": (5, 14)}
    page = index_page("T", found, [], 12)
    assert "nothing alike was found in what fewer than 5 of 14 have" in page
    assert "tiny, 8: s0, s1, s2, s3, s4, s5, s6, s7" in page


def test_a_copy_of_last_year_in_every_letter_is_told_too() -> None:
    one = [Text("2025: zoe", "tiny", WORK, True), Text("ada", "tiny", WORK.replace("    ", "\t"))]
    assert identical(one, []) == (Identical("tiny", ("2025: zoe", "ada")),)
    assert identical([one[0], Text("2025: max", "tiny", WORK, True)], []) == ()
    assert identical([one[1], Text("ada", "other", WORK)], []) == ()


def test_walls_that_this_machine_lacks_are_said_on_the_page() -> None:
    found = compared(texts(ada=WORK), [])
    assert "Missing: landlock (no files)." in index_page("T", replace(found, walls=(*{*WALLS} - {"landlock"},)), [], 1)
    assert "Missing" not in index_page("T", replace(found, walls=tuple(WALLS)), [], 1)


def test_a_student_is_not_compared_with_himself_nor_last_year_with_last_year() -> None:
    two = [Text("ada", "tiny", WORK), Text("ada", "other", WORK)]
    assert compared(two, []).pairs == ()
    earlier = [Text("2025: zoe", "tiny", WORK, True), Text("2025: max", "tiny", WORK, True)]
    assert owners(compared([*earlier, *texts(ada=DISGUISED)], [])) == [{"2025: zoe", "ada"}, {"2025: max", "ada"}][::-1]


HOSTILE = {
    "a megabyte of brackets": "(" * 1_000_000,
    "one long line": "x = " + "1 + " * 20_000 + "1",
    "quotes": "'" * 50_001,
    "a null byte": "x = '\0'",
    "half a character": "x = '\ud800'",
    "nothing": "",
    "backslashes": '"' + "\\" * 50_000,
    "f strings": "f'{" * 5_000,
}


def test_no_text_harms_the_others() -> None:
    found = compared(texts(ada=WORK, copy=DISGUISED, **HOSTILE), [GIVEN])
    assert {"ada", "copy"} in owners(found)
    assert set(found.unread) <= {f"{name}/tiny" for name in HOSTILE}
    assert all(why for why in found.unread.values())


Plant = Callable[[str], None]


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Plant:
    """Has the process die, of a wrong address, when it says a certain line."""

    def plant(line: str) -> None:
        (tmp_path / "sitecustomize.py").write_text(
            "import builtins, ctypes\n"
            "told = builtins.print\n"
            "def deadly(*words, **how):\n"
            "    told(*words, **how)\n"
            f"    if str(words[0]).startswith({line!r}):\n"
            "        ctypes.string_at(0)\n"
            "builtins.print = deadly\n"
        )
        monkeypatch.setattr("grader.similarity.compared._ROOT", f"{tmp_path}:{Path(grader.__file__).parents[1]}")

    return plant


def test_a_text_at_which_the_process_dies_is_left_out(planted: Plant) -> None:
    planted("reading 2")
    found = compared(texts(ada=WORK, copy=DISGUISED, bomb="x = 1"), [])
    assert owners(found) == [{"ada", "copy"}]
    assert found.unread == {"bomb/tiny": "it needs more memory or time than anything honest does"}


def test_nobody_isblamed_for_what_comparing_needs(planted: Plant) -> None:
    planted("all read")
    with pytest.raises(GraderError, match="Comparing submissions needs more memory or time"):
        compared(texts(ada=WORK, bob=OTHERS["bob"]), [])


def test_of_all_time_that_is_used_up_the_last_text_is_not_guilty() -> None:
    names, dead = ["ada", "bob", "eve"], -getattr(signal, "SIGXCPU", 24)
    with pytest.raises(GraderError, match="fewer"):
        blamed(names, ["reading 0 2.0", "reading 1 300.0", "reading 2 601.5"], dead)
    assert blamed(names, ["reading 0 2.0", "reading 1 2.1"], dead) == "bob"
    assert blamed(names, ["reading 0 2.0", "reading 1 2.1", "reading 2 601.5"], -9) == "eve"


def test_two_texts_of_one_name_are_refused() -> None:
    with pytest.raises(GraderError, match="ada/tiny: there are two"):
        compared([*texts(ada=WORK), *texts(ada=DISGUISED)], [])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="walls need Linux")
def test_what_reads_strangers_texts_is_shut_in() -> None:
    assert {"rlimits", "seccomp"} <= set(compared(texts(ada=WORK), []).walls)


def test_pages_show_text_as_text() -> None:
    source = "<script>alert(1)</script> & more"
    side = Side(Text("<b>ada</b>", "tiny", source), 0.5, ((0, 8),))
    found = compared(texts(ada=WORK, copy=DISGUISED), [])
    page = pair_page("T", found.pairs[0])
    assert page.count("<mark>") >= 2
    hostile = pair_page("T", type(found.pairs[0])(side, side, 8))
    assert "<mark>&lt;script&gt;</mark>alert" in hostile
    assert "<b>" not in hostile
    assert "<script" not in hostile + index_page("T", found, ["pair001.html"], 2)
