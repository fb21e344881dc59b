"""Handwritten characters for few-shot learning: 20 drawings of every character of some fifty alphabets, 28 x 28.

    characters = load_characters()                      # the set that lies beside this file
    characters = load_characters(Path("omniglot"))      # the real Omniglot, where you have it
    train = characters.split()["train"]                 # whole alphabets
    x = torch.from_numpy(train.pixels())                # (C, 20, 784)

The set beside this file is drawn by a program (see README.md), after the model of

    Brenden M. Lake, Ruslan Salakhutdinov and Joshua B. Tenenbaum. 2015. Human-level concept learning through
    probabilistic program induction. Science 350, 6266, 1332-1338. https://doi.org/10.1126/science.aab3050

whose data set Omniglot has 1,623 characters of 50 alphabets, each drawn by 20 people.
"""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SHIPPED = Path(__file__).resolve().with_name("characters.npz")
DRAWINGS = 20  # of each character
SIDE = 28
OMNIGLOT_PARTS = ("images_background", "images_evaluation")
GET_OMNIGLOT = (
    "Unpack images_background.zip and images_evaluation.zip of https://github.com/brendenlake/omniglot (folder python) "
    "into one folder and name that folder."
)
INSTALL_PILLOW = "python -m pip install pillow"
# A pixel of 28 x 28 is ink where this share of it was. The lines of Omniglot are about 0.8 such pixels wide, so that a
# line between two rows gives 0.4 of it to each: with a half it would vanish.
INK_SHARE = 0.3
# Which alphabets are for testing is decided by their names alone, as `split` says. The salt was chosen, once, so that
# in the shipped set related scripts (Latin, script, gothic, Greek and Cyrillic; the two kana) lie in one part.
SALT = "1215"


class CharactersError(Exception):
    """Images that cannot be loaded. The message names the file, what is wrong with it, and what to do."""


@dataclass(frozen=True)
class Characters:
    """C characters, 20 drawings of each.

    images: (C, 20, 28, 28) uint8, ink = 1, paper = 0. Drawing k of all characters of an alphabet is by one hand.
    names: C entries "Alphabet/character07".
    """

    images: np.ndarray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        shape = (len(self.names), DRAWINGS, SIDE, SIDE)
        if self.images.shape != shape or self.images.dtype != np.uint8:
            raise ValueError(f"images must be {shape} uint8, not {self.images.shape} {self.images.dtype}")

    @property
    def alphabets(self) -> tuple[str, ...]:
        """The alphabet of each character: C entries."""
        return tuple(name.split("/")[0] for name in self.names)

    def pixels(self) -> np.ndarray:
        """(C, 20, 784) float32, ink = 1.0, row after row."""
        return self.images.reshape(len(self.names), DRAWINGS, SIDE * SIDE).astype(np.float32)

    def split(self) -> dict[str, "Characters"]:
        """ "train", "validation" and "test": about 60, 15 and 25 % of the alphabets, none of them in two parts.

        The alphabets are ranked by the SHA-256 of a fixed salt and their names; the first quarter is for testing, the
        next 15 % for validation. So the parts depend on which alphabets there are, and on nothing else. Raises
        `CharactersError` for fewer than three alphabets.
        """
        ranked = sorted(set(self.alphabets), key=_rank)
        if len(ranked) < 3:
            raise CharactersError(
                f"A split needs at least three alphabets, one a part, but these characters are of {len(ranked)} "
                f"({', '.join(sorted(ranked))}). Load more alphabets, or use these without a split."
            )
        test = max(1, round(0.25 * len(ranked)))
        validation = max(1, round(0.15 * len(ranked)))
        return {
            "train": self._of(ranked[test + validation :]),
            "validation": self._of(ranked[test : test + validation]),
            "test": self._of(ranked[:test]),
        }

    def save(self, file: Path) -> None:
        """Writes a .npz, one bit a pixel, that `load_characters` reads much faster than a folder of images.

        It holds `images`, (C, 20, 98) uint8 of packed bits, and `characters`, (C,) text: the names.
        """
        packed = np.packbits(self.images.reshape(len(self.names), DRAWINGS, SIDE * SIDE), axis=-1)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, array in (("images", packed), ("characters", np.array(self.names))):
                content = io.BytesIO()
                np.lib.format.write_array(content, array, allow_pickle=False)
                # ZipInfo's own date is a fixed one: the same characters make the same bytes.
                entry = zipfile.ZipInfo(f"{name}.npy")
                archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, 9)

    def _of(self, alphabets: Sequence[str]) -> "Characters":
        rows = [row for row, alphabet in enumerate(self.alphabets) if alphabet in alphabets]
        return Characters(self.images[rows], tuple(self.names[row] for row in rows))


def load_characters(source: Path | None = None) -> Characters:
    """The shipped characters, or those of `source`.

    `source` is a folder in Omniglot's layout, or a .npz as `Characters.save` writes it. A folder holds
    images_background/<alphabet>/<character>/*.png or images_evaluation/... or both, 20 drawings a character, black on
    white; they are shrunk to 28 x 28. Reading Omniglot takes about half a minute: save it once.

    Raises `CharactersError`.
    """
    source = SHIPPED if source is None else Path(source)
    if source.is_dir():
        return _from_folder(source)
    if not source.is_file():
        missing = "Take it from the hand-out again." if source == SHIPPED else GET_OMNIGLOT
        raise CharactersError(f"{source}: there is no such file or folder. {missing}")
    return _from_npz(source)


def nearest_neighbour_accuracy(
    support: np.ndarray, support_labels: np.ndarray, query: np.ndarray, query_labels: np.ndarray
) -> float:
    """The share of query images whose nearest support image, pixel by pixel, has their label: a baseline.

    support: (S, ...), query: (Q, ...) of the same trailing shape; labels: (S,) and (Q,). Distances are Euclidean; of
    equally near images the first one counts. Raises `ValueError` for shapes that do not fit.
    """
    support, query = (np.asarray(images, dtype=np.float64) for images in (support, query))
    support_labels, query_labels = np.asarray(support_labels), np.asarray(query_labels)
    if support_labels.shape != support.shape[:1] or query_labels.shape != query.shape[:1]:
        raise ValueError("there must be one label for each image, in one dimension")
    if support.shape[1:] != query.shape[1:] or not len(support) or not len(query):
        raise ValueError("support and query must hold images of one shape, and at least one each")
    support, query = support.reshape(len(support), -1), query.reshape(len(query), -1)
    # |q - s|^2 = |q|^2 - 2 q.s + |s|^2, and |q|^2 does not depend on s.
    distances = (support**2).sum(axis=1) - 2 * query @ support.T  # (Q, S)
    return float((support_labels[distances.argmin(axis=1)] == query_labels).mean())


# ---------------------------------------------------------------------------------------------------------------------
# Reading


def _rank(alphabet: str) -> str:
    return hashlib.sha256(f"{SALT}:{alphabet}".encode()).hexdigest()


def _from_npz(file: Path) -> Characters:
    layout = f"(C, {DRAWINGS}, {SIDE * SIDE // 8}) uint8"
    again = "Take it from the hand-out again." if file == SHIPPED else "Write it with Characters.save."
    try:
        with np.load(file, allow_pickle=False) as arrays:
            packed, names = arrays["images"], arrays["characters"]
    except KeyError as error:
        raise CharactersError(f"{file}: {str(error.args[0])!r}. It is not a file of characters. {again}") from None
    except (OSError, ValueError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise CharactersError(f"{file}: is not a .npz of plain arrays ({error}). {again}") from None
    if packed.dtype != np.uint8 or packed.ndim != 3 or packed.shape[1:] != (DRAWINGS, SIDE * SIDE // 8):
        raise CharactersError(f"{file}: images must be {layout}, but are {packed.shape} {packed.dtype}. {again}")
    if names.dtype.kind != "U" or names.shape != packed.shape[:1]:
        found = f"{names.shape} {names.dtype}"
        raise CharactersError(f"{file}: characters must be {packed.shape[:1]} text, but are {found}. {again}")
    images = np.unpackbits(packed, axis=-1).reshape(-1, DRAWINGS, SIDE, SIDE)
    return _checked(file, images, [str(name) for name in names], again)


def _from_folder(folder: Path) -> Characters:
    parts = [folder / part for part in OMNIGLOT_PARTS if (folder / part).is_dir()]
    if not parts:
        raise CharactersError(f"{folder}: holds neither {' nor '.join(OMNIGLOT_PARTS)}. {GET_OMNIGLOT}")
    classes = sorted((place for part in parts for place in part.glob("[!._]*/[!._]*") if place.is_dir()), key=_named)
    images = np.zeros((len(classes), DRAWINGS, SIDE, SIDE), dtype=np.uint8)
    for row, place in enumerate(classes):
        drawings = sorted(place.glob("[!._]*.png"))
        if len(drawings) != DRAWINGS:
            raise CharactersError(
                f"{place}: holds {len(drawings)} drawings (*.png), where every character has {DRAWINGS}. "
                "Unpack it again, or take this folder away."
            )
        for column, drawing in enumerate(drawings):
            images[row, column] = _shrunk(drawing)
    return _checked(folder, images, [_named(place) for place in classes], GET_OMNIGLOT)


def _named(place: Path) -> str:
    return f"{place.parent.name}/{place.name}"


def _shrunk(file: Path) -> np.ndarray:
    """A drawing, black on white, as (28, 28) uint8 with ink = 1."""
    pillow = _pillow()
    try:
        with pillow.open(file) as image:
            paper = np.asarray(image.convert("L").point(lambda value: 255 * (value >= 128)).resize(
                (SIDE, SIDE), pillow.Resampling.BOX), dtype=np.float64) / 255  # fmt: skip
    except (OSError, SyntaxError, ValueError) as error:
        raise CharactersError(f"{file}: is no image that can be read ({error}). Unpack it again.") from None
    if paper.mean() < 0.5:
        raise CharactersError(f"{file}: is white on black, or no drawing at all. Drawings must be black on white.")
    return (1 - paper >= INK_SHARE).astype(np.uint8)


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise CharactersError(f"Images are read with pillow, which is not installed. Run: {INSTALL_PILLOW}") from None
    return Image


def _checked(source: Path, images: np.ndarray, names: list[str], again: str) -> Characters:
    if not names:
        raise CharactersError(f"{source}: holds no character at all. {again}")
    if wrong := [name for name in names if name.count("/") != 1]:
        raise CharactersError(f"{source}: {wrong[0]!r} is not named like Alphabet/character01. {again}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise CharactersError(f"{source}: {twice!r} is there twice. {again}")
    return Characters(images, tuple(names))
