"""Compares texts by winnowing, in a process of its own that is shut in: `python -m grader.similarity.fingerprints`.

Winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003) is done
by copydetect: names, strings and comments do not count, so that renaming hides nothing.

One msgpack message in: texts by name, who is earlier, texts that were handed out, the least share that is told. One
out: pairs, and which texts could not be read. Which text it is reading goes to the standard error, a line each with its
number and the CPU time until then, and a last one when all are read: if it dies, the one who asks knows of what.
"""

from __future__ import annotations

import io
import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import msgpack

# copydetect's own: matches of fewer signs than `NOISE` are not seen, those of 30 or more always are.
NOISE, WINDOW = 25, 6
# Measured on the known solutions of HW0 to HW3 (138, 89, 103, 182 of one author, without what is common): two that hold
# the same function in other words share up to 84, 77, 51 and 144 signs. Of 35,093 pairs 2 share 100 or more.
FEWEST_SIGNS = 100
ONE_TEXT_S = 1.5  # of CPU time; honest ones need a hundredth of it
CPU_S, MEMORY_MB = 600, 2_000
# Chosen, not measured: what a fifth of a class has, and more students than hand in together, is how one writes it.
COMMON, FEWEST = 0.2, 5
READING, ALL_READ = "reading", "all read"


class _TooLong(Exception):
    pass


def main() -> None:
    """One question in, one answer out."""
    from copydetect import CodeFingerprint

    from grader.sandbox.shut_in import shut_in

    question = msgpack.unpackb(sys.stdin.buffer.read(), raw=False, unicode_errors="surrogatepass")
    output = os.fdopen(os.dup(1), "wb")
    CodeFingerprint("x.py", NOISE, WINDOW, language="python", fp=io.StringIO("x = 1\n"))  # imports what it needs
    walls = shut_in(CPU_S, MEMORY_MB)
    marks, unread = fingerprints(question["texts"], told=True)
    print(ALL_READ, file=sys.stderr, flush=True)
    given, _ = fingerprints({str(i): text for i, text in enumerate(question["given"])})
    without(marks, {mark for each in given.values() for mark in each.hashes})
    without(marks, common(marks, question["owners"]))
    pairs = list(alike(marks, question["owners"], set(question["earlier"]), question["least"]))
    answer = {"pairs": pairs, "unread": unread, "walls": walls}
    output.write(msgpack.packb(answer, unicode_errors="surrogatepass"))
    output.flush()
    os._exit(0)


def fingerprints(texts: Mapping[str, str], *, told: bool = False) -> tuple[dict[str, Any], dict[str, str]]:
    """The marks of each text, and why some have none. Which one is read goes to the standard error if it is `told`."""
    from copydetect import CodeFingerprint

    def end(number: int, frame: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, end)
    marks, unread = dict[str, Any](), dict[str, str]()
    for number, (name, text) in enumerate(texts.items()):
        if told:
            print(f"{READING} {number} {time.process_time():.3f}", file=sys.stderr, flush=True)
        signal.setitimer(signal.ITIMER_PROF, ONE_TEXT_S)
        try:
            marks[name] = CodeFingerprint("x.py", NOISE, WINDOW, language="python", fp=io.StringIO(text))
        except _TooLong:
            unread[name] = "it takes too long to read"
        except Exception as error:
            unread[name] = f"it could not be read ({type(error).__name__})"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)
    return marks, unread


def without(marks: Mapping[str, Any], known: set[int]) -> None:
    """Takes marks away that say nothing."""
    from copydetect.utils import get_token_coverage

    for each in marks.values():
        each.hashes -= known
        for mark in known & each.hash_idx.keys():
            del each.hash_idx[mark]
        each.token_coverage = get_token_coverage(each.hash_idx, each.k, len(each.filtered_code))


def common(marks: Mapping[str, Any], owners: Mapping[str, str]) -> set[int]:
    """The marks that many have, each student counted once."""
    having: dict[str, set[int]] = {}
    for name, each in marks.items():
        having.setdefault(owners[name], set()).update(each.hashes)
    counts = Counter(mark for each in having.values() for mark in each)
    least = much(len(having))
    return {mark for mark, count in counts.items() if count >= least}


def much(owners: int) -> int:
    """How many of so many owners have to have something for it to be no sign."""
    return max(FEWEST, math.ceil(COMMON * owners))


def alike(
    marks: Mapping[str, Any], owners: Mapping[str, str], earlier: Collection[str], least: float
) -> Iterator[dict[str, Any]]:
    """Texts of different students that share `least` of what is left of one of them, with the places in both.

    Texts that are both of `earlier` are not compared.
    """
    from copydetect import compare_files

    sharing: dict[int, tuple[list[str], list[str]]] = {}
    for name, each in marks.items():
        for mark in each.hashes:
            sharing.setdefault(mark, ([], []))[name in earlier].append(name)
    seen = set[tuple[str, ...]]()
    for now, before in sharing.values():
        seen.update(tuple(sorted(pair)) for pair in (*combinations(now, 2), *product(now, before)))
    for one, other in sorted(seen):
        if owners[one] == owners[other]:
            continue
        tokens, shares, slices = compare_files(marks[one], marks[other])
        if tokens >= FEWEST_SIGNS and max(shares) >= least:
            yield {
                "names": (one, other),
                "shares": [float(min(1.0, share)) for share in shares],
                "tokens": int(tokens),
                "places": [
                    _places(each, marks[name].raw_code) for each, name in zip(slices, (one, other), strict=True)
                ],
            }


def _places(slices: Any, text: str) -> Sequence[tuple[int, int]]:
    found = sorted((max(0, int(begin)), min(len(text), int(end))) for begin, end in zip(*slices, strict=True))
    joined: list[tuple[int, int]] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return joined


if __name__ == "__main__":
    main()
