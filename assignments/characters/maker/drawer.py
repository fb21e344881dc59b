"""Twenty people with a pen each. Drawer k draws all characters of an alphabet in one manner, and none twice alike.

All that is random about an image comes from the names of its alphabet and character and from the drawer's number: any
image can be made alone.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from characters import SIDE
from ink import drawn
from strokes import Glyph, Stroke, length

MARGIN = 1.0  # pixels


@dataclass(frozen=True)
class Hand:
    """The manner of one drawer in one alphabet: what the characters have in common."""

    slant: float  # x moved by this much for each y
    turn: float  # radians
    aspect: float  # width over height, as a logarithm
    size: float  # pixels of the longer side of a character of average complexity
    pen: float  # pixels
    wobble: float  # how far the plane is warped, in sizes
    scatter: float  # how far strokes are off their places, in sizes
    bend: float  # how far the middle of a stroke is off its line, in sizes
    place: tuple[float, float]  # of the middle, in pixels off the middle of the image


def rng_of(*names: object) -> np.random.Generator:
    """A generator of its own for everything that has a name."""
    text = "/".join(map(str, names))
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def hand(alphabet: str, drawer: int) -> Hand:
    rng = rng_of("hand", alphabet, drawer)
    return Hand(
        slant=rng.normal(0, 0.14),
        turn=rng.normal(0, 0.07),
        aspect=rng.normal(0, 0.14),
        size=float(np.clip(rng.normal(15.5, 1.7), 10, 21)),
        pen=rng.uniform(1.05, 1.5),
        wobble=rng.uniform(0.01, 0.035),
        scatter=rng.uniform(0.01, 0.035),
        bend=rng.uniform(0.01, 0.04),
        place=(rng.normal(0, 0.9), rng.normal(0, 0.9)),
    )


def drawing(glyph: Glyph, name: str, drawer: int) -> np.ndarray:
    """(28, 28) uint8 with ink = 1: drawer number `drawer` draws the character called `name`. `glyph` has side 1."""
    of = hand(glyph.alphabet, drawer)
    rng = rng_of("image", name, drawer)
    strokes = [_stroke(stroke, of, rng) for stroke in glyph.strokes]
    strokes = _warped(strokes, of.wobble, rng)

    slant, turn = of.slant + rng.normal(0, 0.05), of.turn + rng.normal(0, 0.05)
    aspect = np.exp((of.aspect + rng.normal(0, 0.07)) / 2)
    shape = np.array([[aspect, -slant], [0.0, 1 / aspect]])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    usual_size, usual_place = _usual(glyph, name)
    size = of.size * usual_size * np.exp(rng.normal(0, 0.07))
    middle = SIDE / 2 + np.array(of.place) + usual_place + rng.normal(0, 0.8, size=2)
    return drawn(_inside([size * stroke @ (rotation @ shape).T + middle for stroke in strokes]), of.pen)


def _usual(glyph: Glyph, name: str) -> tuple[float, np.ndarray]:
    """By how much everybody draws this character larger than others, and how far off the middle, (2,) in pixels."""
    alphabet, character = rng_of("alphabet", glyph.alphabet), rng_of("character", name)
    lines = float(np.clip((length(glyph) / 3) ** 0.4, 0.9, 1.25))  # who draws a lot of lines draws them larger
    size = lines * np.exp(alphabet.normal(0, 0.1) + character.normal(0, 0.1))
    return size, character.normal(0, 0.7, size=2)


def _stroke(stroke: Stroke, of: Hand, rng: np.random.Generator) -> Stroke:
    """A stroke a little off its place, a little longer or shorter, turned and bent. Short strokes move less."""
    middle = (stroke.min(axis=0) + stroke.max(axis=0)) / 2
    length = np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum()
    shift = rng.normal(0, of.scatter, size=2) * min(1.0, 0.4 + length)
    scale = np.exp(rng.normal(0, 1.5 * of.scatter, size=2))
    turn = rng.normal(0, 2 * of.scatter)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    across = stroke[-1] - stroke[0]
    normal = np.array([-across[1], across[0]]) / max(float(np.hypot(*across)), 1e-9)
    along = np.linspace(0, np.pi, len(stroke))
    bend = rng.normal(0, of.bend) * min(1.0, length) * np.sin(along)[:, None] * normal
    return (stroke - middle) * scale @ rotation.T + middle + shift + bend


def _warped(strokes: list[Stroke], wobble: float, rng: np.random.Generator) -> list[Stroke]:
    """The whole plane pushed about by a few slow waves."""
    waves = rng.normal(0, 4.0, size=(3, 2))  # radians for each unit of x and of y
    phases = rng.uniform(0, 2 * np.pi, size=3)
    pushes = rng.normal(0, wobble, size=(3, 2))
    return [stroke + np.sin(stroke @ waves.T + phases) @ pushes for stroke in strokes]


def _inside(strokes: list[Stroke]) -> list[Stroke]:
    """Made smaller where it is larger than the image, and moved where it sticks out."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    room = SIDE - 2 * MARGIN
    scale = min(1.0, room / float((high - low).max()))
    middle = (low + high) / 2
    half = scale * (high - low) / 2
    moved = np.clip(middle, MARGIN + half, SIDE - MARGIN - half)
    return [(stroke - middle) * scale + moved for stroke in strokes]
