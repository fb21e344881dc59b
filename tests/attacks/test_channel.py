"""How much a submission that tries can tell its student about one hidden check, measured field by field.

The attacker owns the worker: it says whatever it likes of an exception. Its source has a word and a line ready for
every number. What is left is counted in bits, and docs/architecture.md says the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import log2
from typing import Any

import numpy as np
import pytest

from grader.judge.compare import compare
from grader.judge.fault import fault
from grader.judge.quote import _LIBRARIES, _TYPES, EXCEPTIONS, MOST_LINES, Quotes
from grader.judge.result import coarse
from grader.judge.verdict import Mismatch
from grader.sandbox.replies import Frame, Raised, Reply
from grader.sandbox.wire import Array

House = Any  # tests/conftest.py

PROBES = "import tiny\n\n\ndef twice(x):\n    return tiny.twice(x)\n"
WORDS = [f"w{number}" for number in range(1100)]
# A line for every word, each a place where something may be raised, and a definition with a few of them.
SOURCE = "def twice(x, w1=0, w2=0):\n" + "".join(f"    {word} = {word}\n" for word in WORDS)
QUOTES = Quotes({"tiny": SOURCE}, PROBES)
PLACE = Frame("tiny.py", 10, "twice", "", ours=False)
RAISED = Raised("ValueError", ("ValueError", "Exception", "BaseException", "object"), "", "", (PLACE,))

LINES, KINDS, NAMES, CALLS, MISSING, SHAPES, TIMES = 10.0, 7.3, 10.3, 11.2, 1.0, 9.7, 3.0


def told(outcome: str, raised: Raised) -> tuple[str, str, str]:
    ended = fault(Reply(outcome, raised=raised), "twice", QUOTES)
    return ended.verdict, ended.summary, ended.hint


def bits(raised: Iterator[Raised], outcome: str = "raised") -> float:
    return log2(len({told(outcome, each) for each in raised}))


def test_which_line_raised() -> None:
    places = (replace(PLACE, line=line, function=word) for line in range(len(WORDS) + 5) for word in WORDS[:2])
    found = bits(replace(RAISED, frames=(place,)) for place in places)
    assert LINES - 0.1 < found < LINES + 0.1
    assert MOST_LINES == 2**LINES


def test_which_exception_was_raised() -> None:
    """Its name, and that of a base; names of its own are not told."""
    names = [*sorted(EXCEPTIONS), *WORDS]
    found = bits(replace(RAISED, type=own, bases=(own, base)) for own in names[:100] for base in sorted(EXCEPTIONS)[:2])
    found = max(found, bits(replace(RAISED, type="w1", bases=("w1", base)) for base in names[:100]))
    both = log2(2 * len(EXCEPTIONS) + 1)
    assert 5 < found <= both < KINDS
    for own in WORDS[20:40]:
        assert own not in " ".join(told("raised", replace(RAISED, type=own, bases=(own, "Exception"))))


def test_which_name_a_message_quotes() -> None:
    """Eighty bits, before a name had to stand in the line that is quoted."""
    messages = [f"name '{word}' is not defined" for word in WORDS]
    messages += [f"'{one}' object has no attribute '{other}'" for one in WORDS[:20] for other in WORDS[:20]]
    messages += [f"module '{'.'.join(WORDS[i : i + 5])}' has no attribute '{WORDS[i]}'" for i in range(20)]
    messages += [f"cannot import name '{word}' from '{word}.{word}'" for word in WORDS]
    distinct = {told("raised", replace(RAISED, message=message))[1] for message in messages}
    assert 1 < log2(len(distinct)) < 5.0
    assert not any("w100'" in summary for summary in distinct)

    dense = [f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh"]
    quotes = Quotes({"tiny": f"def twice(x):\n    {' '.join(dense)}\n"}, PROBES)
    place = replace(PLACE, line=2)
    messages = [f"'{thing}' object has no attribute '{word}'" for thing in (*_TYPES, *dense[:9]) for word in dense]
    messages += [f"module '{thing}' has no attribute '{word}'" for thing in (*_LIBRARIES, "tiny") for word in dense]
    messages += [f"cannot import name '{word}' from '{thing}'" for thing in (*_LIBRARIES, "tiny") for word in dense]
    said = {quotes.said(replace(RAISED, message=message, frames=(place,))) for message in messages}
    assert NAMES - 0.5 < log2(len(said)) < NAMES
    honest = told("raised", replace(RAISED, type="NameError", message="name 'w8' is not defined"))
    assert "name 'w8' is not defined" in honest[1], "the name in the line is what a student needs"


def test_which_call_is_complained_of() -> None:
    """A known function of the probe, the names of its own definition, and two or three digits."""
    names = ["x", *WORDS[:12]]
    messages = [f"twice() missing {n} required positional arguments: '{a}' and '{b}'" for n in range(10)
                for a in names for b in names]  # fmt: skip
    messages += [f"twice() takes from {a} to {b} positional arguments but {c} were given" for a in range(10)
                 for b in range(10) for c in range(10)]  # fmt: skip
    messages += [f"{word}() got an unexpected keyword argument '{word}'" for word in WORDS[:20]]
    found = bits((replace(RAISED, message=message) for message in messages), "bad_signature")
    assert 5 < found < CALLS


def test_which_name_is_missing() -> None:
    names = (replace(RAISED, name=f"tiny.{word}", frames=()) for word in ("twice", *WORDS))
    found = bits(names, "missing_name")
    assert found == MISSING


def test_which_shape_and_how_many_values() -> None:
    """For an answer that should be (4,) and (2, 3), of which hundreds of sizes could come."""
    for expected in (np.zeros(4), np.zeros((2, 3))):
        said = set()
        for shape in [(), *((n,) for n in range(70)), *((n, m) for n in range(70) for m in range(70)),
                      *((n, m, 1) for n in range(12) for m in range(12)), (1, 1, 1, 1)]:  # fmt: skip
            said.add(summary(np.zeros(shape), expected))
        assert log2(len(said)) < SHAPES
    many = {summary(np.where(np.arange(1000) < count, np.nan, 0), np.zeros(1000)) for count in range(1, 1001)}
    many |= {summary(1.0 * (np.arange(1000) < count), np.zeros(1000)) for count in range(1, 1001)}
    assert len(many) == 8, "1, a few, many or all of them"


def summary(came: np.ndarray, expected: np.ndarray) -> str:
    try:
        compare(Array("tensor", "float64", came), Array("tensor", "float64", expected), atol=0, rtol=0)
    except Mismatch as mismatch:
        return mismatch.summary
    return ""


def test_how_long_it_took() -> None:
    seen = {coarse(seconds / 100) for seconds in range(6000)}
    assert seen == {0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0}
    assert log2(len(seen)) == TIMES
    assert coarse(0.51) == 1.0


@pytest.mark.parametrize("number", [0, 1, 77, 1023, 5 * 1024 + 3, 15 * 1024 + 1000])
def test_a_line_and_an_exception_carry_fourteen_bits_out_and_no_line_beyond_the_cap_does(
    house: House, number: int
) -> None:
    """What is left, tried: a hidden number is in the line and the name of an exception, and is read off the report."""
    kinds = ["ValueError", "TypeError", "KeyError", "IndexError", "OSError", "EOFError", "NameError", "BufferError",
             "LookupError", "ArithmeticError", "OverflowError", "AssertionError", "ReferenceError", "SystemError",
             "RuntimeError", "UnicodeError"]  # fmt: skip
    lines = "".join(f" if n % 1024 == {i}: raise ({', '.join(kinds)})[n // 1024]\n" for i in range(1024))
    source = house.but("def twice(x):\n n = int(x)\n" + lines)
    house.checks(
        f"""
        @problem("1", points=1)
        def test_twice(ask):
            '''Twice.'''
            ask("twice", x=np.array({number}.0))
        """
    )
    (result,) = house.judge(source)
    (check,) = result.for_student().checks
    assert check.verdict == "crashed"
    line = check.summary.partition("(line ")[2].partition(" of ")[0]
    kind = next(kind for kind in kinds if f"raised {kind}" in check.summary)
    first = source.split("\n").index(" if n % 1024 == 0: raise (" + ", ".join(kinds) + ")[n // 1024]") + 1
    read = int(line) - first if line else None
    if first + number % 1024 <= MOST_LINES:
        assert read is not None
        assert kinds.index(kind) * 1024 + read == number
    else:
        assert read is None, "lines beyond the cap are not told"
