"""Quick runs of an experiment: a few seconds, to see that everything runs. What they find means nothing.

So all that a quick run writes says so, and lies in a folder of its own, where it cannot take a real run's place.
"""

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

SAYS = "Quick run: these numbers mean nothing"
FOLDER = "quick"  # inside the folder of the real results
_TABLE = re.compile(r"^(?=\|.*\|\n\|[ :|-]*---)", re.MULTILINE)  # where a table begins in Markdown


def with_folder(options: Namespace, usual: Path, parser: ArgumentParser) -> Namespace:
    """The options with the folder to write into as `out`: the one that --out names or the `usual` one.

    With --quick it is the folder `quick` inside. A real run may not write there: `parser` then says so and ends.
    """
    options.out = options.out or usual
    if options.quick:
        options.out /= FOLDER
    elif options.out.name == FOLDER:
        parser.error(f"--out: {options.out} is the place of quick runs. Name another folder for real results.")
    return options


def labelled(text: str, quick: bool) -> str:
    """The Markdown `text`, after a quick run with a warning above each of its tables."""
    return _TABLE.sub(f"**{SAYS}.**\n\n", text) if quick else text


def label(figure: Any, quick: bool) -> None:
    """After a quick run, a warning across a figure of matplotlib, wherever its parts lie."""
    if quick:
        size = 2.8 * figure.get_figwidth()  # so that it is nearly as wide as the figure
        figure.text(0.5, 0.5, SAYS, color="red", alpha=0.6, size=size, rotation=15, ha="center", va="center")
