"""Which submissions are alike: asked of a process that is shut in, because all that it reads is a stranger's."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgpack

import grader
from grader.errors import GraderError
from grader.sandbox.shut_in import environment_of
from grader.similarity.fingerprints import ALL_READ, CPU_S, ONE_TEXT_S, READING, much
from grader.similarity.identical import Identical, identical
from grader.text import clean_line

LEAST = 0.3  # chosen, not measured: `--least` sets another
PATIENCE_S = 1800.0
TRIES = 20  # texts at which the process may die before somebody has to look
FEWER = "Compare fewer submissions at a time."
_ROOT = Path(grader.__file__).parents[1]


@dataclass(frozen=True)
class Text:
    """One module of one submission."""

    owner: str
    module: str
    source: str
    earlier: bool = False  # handed in earlier: compared with this class, not with others of its own

    @property
    def name(self) -> str:
        return f"{self.owner}/{self.module}"


@dataclass(frozen=True)
class Side:
    """One text of a pair: the share of it that the other has, and the places of that, as offsets."""

    text: Text
    share: float
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pair:
    """Two texts that are alike, and how many signs they share."""

    one: Side
    other: Side
    signs: int


@dataclass(frozen=True)
class Compared:
    """Pairs, the most alike first; texts that could not be read, and why; what shut the process in.

    `common` has for each module how many owners have to have something for it to count no more, and of how many;
    `identical` those who have the same text, however many they are.
    """

    pairs: tuple[Pair, ...]
    unread: Mapping[str, str]
    walls: tuple[str, ...]
    common: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    identical: tuple[Identical, ...] = ()


def compared(texts: Sequence[Text], given: Sequence[str], least: float = LEAST) -> Compared:
    """Compares the same modules of different owners, without what is in `given` and what much of the class has.

    A text at which the process dies is left out and told, and all others are compared. Raises `GraderError` if that
    happens at too many, if comparing takes too long, and for two texts of one name.
    """
    if twice := [name for name, count in Counter(text.name for text in texts).items() if count > 1]:
        raise GraderError(f"{clean_line(twice[0], 200)}: there are two texts of this name. Name owners apart.")
    pairs: list[Pair] = []
    unread: dict[str, str] = {}
    walls: tuple[str, ...] = ()
    common: dict[str, tuple[int, int]] = {}
    for module in sorted({text.module for text in texts}):
        of_module = {text.name: text for text in texts if text.module == module}
        found = _asked(of_module, given, least, unread)
        unread |= found["unread"]
        walls = tuple(found["walls"])
        owners = len({text.owner for name, text in of_module.items() if name not in unread})
        common[module] = much(owners), owners
        for each in found["pairs"]:
            sides = [
                Side(of_module[name], share, tuple(map(tuple, places)))
                for name, share, places in zip(each["names"], each["shares"], each["places"], strict=True)
            ]
            pairs.append(Pair(sides[0], sides[1], each["tokens"]))
    pairs.sort(key=lambda pair: (-max(pair.one.share, pair.other.share), -pair.signs, pair.one.text.name))
    return Compared(tuple(pairs), unread, walls, common, identical(texts, given))


def _asked(texts: Mapping[str, Text], given: Sequence[str], least: float, unread: dict[str, str]) -> dict[str, Any]:
    """What the process answers about these texts, without those at which it died."""
    for _ in range(TRIES):
        left = {name: text for name, text in texts.items() if name not in unread}
        question = {
            "texts": {name: text.source for name, text in left.items()},
            "owners": {name: text.owner for name, text in left.items()},
            "earlier": [name for name, text in left.items() if text.earlier],
            "given": list(given),
            "least": least,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "grader.similarity.fingerprints"],
                input=msgpack.packb(question, unicode_errors="surrogatepass"),
                capture_output=True,
                timeout=PATIENCE_S,
                env={**environment_of(_ROOT), "MPLBACKEND": "Agg"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GraderError(f"Comparing took too long. {FEWER}") from None
        if done.returncode == 0:
            found: dict[str, Any] = msgpack.unpackb(done.stdout, raw=False, unicode_errors="surrogatepass")
            return found
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        if done.returncode > 0:  # an exception that nobody foresaw
            raise GraderError(f"Submissions could not be compared: {clean_line(said[-1] if said else '', 200)}.")
        unread[blamed(list(left), said, done.returncode)] = "it needs more memory or time than anything honest does"
    raise GraderError(f"The comparison died at {TRIES} submissions: {', '.join(unread)}. Look at them first.")


def blamed(names: Sequence[str], said: Sequence[str], status: int) -> str:
    """The text at which the process died. Raises `GraderError` where it died of no single one."""
    reading = [line.split() for line in said if line.startswith(f"{READING} ")]
    if ALL_READ in said or not reading:
        raise GraderError(f"Comparing submissions needs more memory or time than it may have. {FEWER}")
    _, number, begun = reading[-1]
    spent = CPU_S - (float(begun) - float(reading[0][2]))
    if -status == getattr(signal, "SIGXCPU", None) and spent < 10 * ONE_TEXT_S:
        raise GraderError(f"Reading all submissions takes more than {CPU_S} s. {FEWER}")
    return names[int(number)]
