"""What was kept is damaged on disk: grades and diagnoses stay the same, and it is made anew."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from disturbed import Undisturbed, compared
from runs import Outcome, Run, digests

Damage = Callable[[list[Path], random.Random], None]


def truncated(files: list[Path], chance: random.Random) -> None:
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content[: chance.choice([0, chance.randrange(len(content))])])


def one_byte_flipped(files: list[Path], chance: random.Random) -> None:
    for path in files:
        content = bytearray(path.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)


def names_swapped(files: list[Path], chance: random.Random) -> None:
    """Every file gets the content of the next one."""
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)


def garbage(files: list[Path], chance: random.Random) -> None:
    for path in files:
        path.write_bytes(chance.randbytes(len(path.read_bytes())))


def folders_instead(files: list[Path], chance: random.Random) -> None:
    for path in files:
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("damage", [truncated, one_byte_flipped, names_swapped, garbage, folders_instead])
def test_damage_changes_no_grade(
    damage: Damage, undisturbed: Undisturbed, tmp_path: Path, runs: list[Run], seed: int
) -> None:
    undisturbed.restore(learned=True)
    cache = undisturbed.of.cache
    mistakes = sorted((cache / "mistakes").rglob("*.frame"))
    answers = sorted(set(cache.rglob("*.frame")) - set(mistakes))
    assert len(mistakes) > 5
    assert len(answers) > 3
    for files in (mistakes, answers):
        damage(files, random.Random(f"{seed}-{damage.__name__}"))
    runs.append(run := Run(undisturbed.of, tmp_path / "out"))
    assert run.wait(180) == 0, run.said()
    assert compared(undisturbed.outcome, Outcome.of(run.out)) == {}, f"repeat with TROUBLE_SEED={seed}"
    if damage is not folders_instead:  # there, nothing can be kept
        assert digests(cache) == undisturbed.kept
