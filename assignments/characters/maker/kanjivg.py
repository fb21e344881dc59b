"""Strokes of Japanese characters from KanjiVG (Ulrich Apel, CC BY-SA 3.0), as the package kanjivg brings them.

Kanji are sorted into "alphabets" by the part that dictionaries file them under, their radical: the radicals with the
most kanji of 4 to 12 strokes. Of each those with the shortest lines are taken, because little else can be told apart
at 28 x 28.
"""

import re
from collections import defaultdict
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from strokes import Glyph, Stroke, in_unit_box, length

RADICALS = {
    "木": "tree", "水": "water", "艸": "grass", "手": "hand", "口": "mouth", "人": "person",
    "心": "heart", "糸": "thread", "言": "speech", "土": "earth", "肉": "flesh", "竹": "bamboo",
    "虫": "insect", "辶": "walk", "女": "woman", "火": "fire", "日": "sun", "衣": "clothes",
    "山": "mountain", "疒": "sickness", "刀": "knife", "宀": "roof", "玉": "jade", "阜": "mound",
    "犬": "dog", "禾": "grain", "貝": "shell", "广": "shelter", "田": "field", "示": "altar",
    "力": "power", "巾": "cloth", "彳": "step", "大": "big", "攴": "strike",
}  # fmt: skip
KANJI = range(0x4E00, 0xA000)
STROKES = range(4, 13)
MOST = 40  # kanji of one radical
LONGEST = 5.2  # of all strokes of a kanji together, in its longer sides
# Without the small kana, which are drawn as the large ones are.
HIRAGANA = (
    "あいうえおかがきぎくぐけげこごさざしじすずせぜそぞ"
    "ただちぢつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもやゆよらりるれろわゐゑをん"
)
KATAKANA = (
    "アイウエオカガキギクグケゲコゴサザシジスズセゼソゾ"
    "タダチヂツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモヤユヨラリルレロワヰヱヲン"
)

CURVE_POINTS = 12
_PATH = re.compile(r'<path [^>]*?\bd="([^"]*)"')
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
_RADICAL = re.compile(r'<g [^>]*kvg:radical="(general|tradit)"[^>]*>')
_NAMED = (re.compile(r'kvg:original="(.)"'), re.compile(r'kvg:element="(.)"'))


def kanji_alphabets() -> dict[str, list[Glyph]]:
    """Alphabet -> its glyphs: the two kana in their order, kanji from short to long lines."""
    folder = Path(str(distribution("kanjivg").locate_file("kanji")))
    alphabets = {
        name: [Glyph(name, char, read_strokes(_file(folder, char))) for char in chars]
        for name, chars in (("Hiragana", HIRAGANA), ("Katakana", KATAKANA))
    }
    kanji = defaultdict(list)
    for file in sorted(folder.glob("?????.svg")):
        text = file.read_text(encoding="utf-8")
        if int(file.stem, 16) in KANJI and len(_PATH.findall(text)) in STROKES and _radical(text) in RADICALS:
            kanji[_radical(text)].append(chr(int(file.stem, 16)))
    for radical, meaning in RADICALS.items():
        name = f"Kanji_{meaning}"
        drawn = [in_unit_box(Glyph(name, char, read_strokes(_file(folder, char)))) for char in kanji[radical]]
        alphabets[name] = sorted((glyph for glyph in drawn if length(glyph) <= LONGEST), key=length)[:MOST]
    return alphabets


def _file(folder: Path, char: str) -> Path:
    return folder / f"{ord(char):05x}.svg"


def _radical(text: str) -> str:
    """The radical that a dictionary files a kanji under: the traditional one, where KanjiVG names two."""
    found = {match[1]: match[0] for match in _RADICAL.finditer(text)}
    group = found.get("tradit") or found.get("general") or ""
    return next((name[1] for pattern in _NAMED if (name := pattern.search(group))), "")


def read_strokes(file: Path) -> tuple[Stroke, ...]:
    """The strokes of one SVG file of KanjiVG, curves as points."""
    return tuple(path_points(path) for path in _PATH.findall(file.read_text(encoding="utf-8")))


def path_points(path: str) -> Stroke:
    """The points of an SVG path of one move and cubic curves (M m C c S s), which is all that KanjiVG uses."""
    tokens = _TOKEN.findall(path)
    start = here = control = (0.0, 0.0)
    curves: list[list[tuple[float, float]]] = []  # the four control points of each
    command, at = "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        count = {"M": 2, "C": 6, "S": 4}[command.upper()]
        x0, y0 = here if command.islower() else (0.0, 0.0)
        numbers = [float(token) for token in tokens[at : at + count]]
        ends = [(x + x0, y + y0) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        at += count
        if command.upper() == "M":
            start = here = control = ends[0]
            continue
        first = (2 * here[0] - control[0], 2 * here[1] - control[1]) if command.upper() == "S" else ends[0]
        curves.append([here, first, ends[-2], ends[-1]])
        control, here = ends[-2:]
    p0, p1, p2, p3 = np.array(curves).transpose(1, 0, 2)[:, :, None, :]  # (curves, 1, 2) each
    t = np.linspace(0, 1, CURVE_POINTS + 1)[1:, None]
    points = (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
    return np.concatenate([[start], points.reshape(-1, 2)])
