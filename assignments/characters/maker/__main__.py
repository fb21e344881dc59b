"""Draws all characters and writes characters.npz: `make characters`, a few minutes of one core."""

import argparse
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]  # the maker's own modules, and characters.py

import numpy as np
from bank import bank
from characters import DRAWINGS, SHIPPED, Characters
from drawer import drawing

SOURCES = {"kanjivg": "20260714", "Hershey-Fonts": "2.1.0"}  # by which the shipped file was made
INSTALL = "python -m pip install " + " ".join(f"{name}=={wanted}" for name, wanted in SOURCES.items())


def missing_sources() -> str:
    """What is wrong with the installed sources of strokes and what to do, or nothing."""
    for name, wanted in SOURCES.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            return f"The strokes come with {name}, which is not installed. Run\n\n    {INSTALL}\n"
        if found != wanted:
            return f"The characters are made of {name} {wanted}, but {found} is installed. Run\n\n    {INSTALL}\n"
    return ""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the file to write (default: the shipped one)")
    options = parser.parse_args(argv)
    if problem := missing_sources():
        print(problem, file=sys.stderr)
        return 1
    glyphs = bank()
    print(f"{len(glyphs)} characters to be drawn {DRAWINGS} times each", file=sys.stderr, flush=True)
    images = np.stack([[drawing(glyph, name, k) for k in range(DRAWINGS)] for name, glyph in glyphs.items()])
    characters = Characters(images, tuple(glyphs))
    characters.save(options.out)
    print(f"{options.out}: {len(characters.names)} characters of {len(set(characters.alphabets))} alphabets, "
          f"{options.out.stat().st_size:,} bytes")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
