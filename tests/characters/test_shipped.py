"""The shipped characters: what they are, that they are split by alphabet, and that the maker makes the same again."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "assignments" / "characters"
MAKER = FOLDER / "maker"
OF_THE_MAKER = [path.stem for path in MAKER.glob("*.py")]
# Of every kind of source: strokes of a font, double lines, kana, and kanji of few and of many strokes.
MADE_ANEW = ["Latin/character05", "Gothic_German/character11", "Hiragana/character03", "Kanji_water/character01",
             "Kanji_speech/character20"]  # fmt: skip


@pytest.fixture(scope="module")
def module() -> Any:
    sys.path.insert(0, str(FOLDER))
    try:
        import characters
    finally:
        sys.path.remove(str(FOLDER))
    return characters


@pytest.fixture(scope="module")
def shipped(module: Any) -> Any:
    return module.load_characters()


def test_shapes_types_and_values(shipped: Any):
    count = len(shipped.names)
    assert 1500 <= count <= 2500
    assert shipped.images.shape == (count, 20, 28, 28)
    assert shipped.images.dtype == np.uint8
    assert set(np.unique(shipped.images)) == {0, 1}
    assert shipped.pixels().shape == (count, 20, 784)
    assert shipped.pixels().dtype == np.float32
    assert (shipped.pixels()[3, 5].reshape(28, 28) == shipped.images[3, 5]).all()
    alphabets, sizes = np.unique(shipped.alphabets, return_counts=True)
    assert len(alphabets) == 49
    assert sizes.min() >= 14
    assert list(shipped.names) == sorted(set(shipped.names))


def test_it_is_small(module: Any):
    assert module.SHIPPED.stat().st_size < 2_500_000


def test_every_drawing_shows_something(shipped: Any):
    ink = shipped.images.sum(axis=(2, 3))
    assert ink.min() >= 5
    assert ink.max() < 0.6 * 784


def test_no_drawing_and_no_character_is_there_twice(shipped: Any):
    assert len({drawing.tobytes() for drawings in shipped.images for drawing in drawings}) == 20 * len(shipped.names)
    means = shipped.pixels().mean(axis=1)  # (C, 784)
    norms = np.linalg.norm(means, axis=1)
    likeness = means @ means.T / np.outer(norms, norms)
    np.fill_diagonal(likeness, 0)
    assert likeness.max() < 0.97


def test_the_split_is_by_alphabet(shipped: Any):
    parts = shipped.split()
    assert list(parts) == ["train", "validation", "test"]
    alphabets = {name: set(part.alphabets) for name, part in parts.items()}
    assert {name: len(some) for name, some in alphabets.items()} == {"train": 30, "validation": 7, "test": 12}
    assert set.union(*alphabets.values()) == set(shipped.alphabets)
    assert sum(len(part.names) for part in parts.values()) == len(shipped.names)
    for part in parts.values():
        rows = [shipped.names.index(name) for name in part.names]
        assert rows == sorted(rows)
        assert (part.images == shipped.images[rows]).all()


def test_related_scripts_are_in_one_part(shipped: Any):
    """What the salt was chosen for."""
    part_of = {alphabet: name for name, part in shipped.split().items() for alphabet in part.alphabets}
    western = ["Latin", "Script", "Gothic_English", "Gothic_German", "Gothic_Italian", "Greek", "Cyrillic"]
    assert {part_of[alphabet] for alphabet in western} == {"train"}
    assert part_of["Hiragana"] == part_of["Katakana"] == "test"


def made_up(module: Any, alphabets: list[str]) -> Any:
    names = tuple(f"{alphabet}/character{n:02d}" for alphabet in alphabets for n in (1, 2))
    return module.Characters(np.zeros((len(names), 20, 28, 28), dtype=np.uint8), names)


def test_the_split_depends_on_names_alone(module: Any):
    fifty = [f"Alphabet_{n}" for n in range(50)]
    one, other = made_up(module, fifty).split(), made_up(module, fifty[::-1]).split()
    sizes = {name: len(set(part.alphabets)) for name, part in one.items()}
    assert sizes == {"train": 30, "validation": 8, "test": 12}
    assert {name: set(part.alphabets) for name, part in one.items()} == {
        name: set(part.alphabets) for name, part in other.items()
    }
    three = made_up(module, fifty[:3]).split()
    assert [len(set(part.alphabets)) for part in three.values()] == [1, 1, 1]
    with pytest.raises(module.CharactersError, match=r"at least three alphabets.* are of 2 \(Alphabet_0, Alphabet_1\)"):
        made_up(module, fifty[:2]).split()


@pytest.mark.parametrize("shape", [(2, 20, 28, 27), (1, 20, 28, 28), (2, 19, 28, 28)])
def test_images_that_do_not_fit_their_names_are_refused(module: Any, shape: tuple[int, ...]):
    with pytest.raises(ValueError, match=r"images must be \(2, 20, 28, 28\) uint8"):
        module.Characters(np.zeros(shape, dtype=np.uint8), ("A/character01", "A/character02"))


# ---- the maker ------------------------------------------------------------------------------------------------------


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a module of the maker, and forgets all of them afterwards: their names are common ones."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.syspath_prepend(str(MAKER))
    for name in OF_THE_MAKER:
        monkeypatch.delitem(sys.modules, name, raising=False)

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"maker_{name}", MAKER / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, f"maker_{name}", made)  # dataclasses want it
        spec.loader.exec_module(made)
        return made

    yield load
    for name in OF_THE_MAKER:
        sys.modules.pop(name, None)


def test_the_maker_makes_the_shipped_drawings_byte_for_byte(shipped: Any, maker: Any):
    if problem := maker("__main__").missing_sources():
        pytest.skip(problem)
    glyphs = maker("bank").bank()
    drawing = maker("drawer").drawing
    assert tuple(glyphs) == shipped.names
    for name in MADE_ANEW:
        for k in (0, 7, 19):  # each made alone
            made = drawing(glyphs[name], name, k)
            assert made.tobytes() == shipped.images[shipped.names.index(name), k].tobytes(), f"{name}, drawer {k}"


def test_without_its_sources_the_maker_says_what_to_install(
    maker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    main = maker("__main__")
    monkeypatch.setitem(main.SOURCES, "kanjivg", "19990101")
    assert main.main(["--out", str(tmp_path / "made.npz")]) == 1
    said = capsys.readouterr().err
    assert "kanjivg" in said
    assert "python -m pip install kanjivg==20260714 Hershey-Fonts==2.1.0" in said
    assert not (tmp_path / "made.npz").exists()


def test_a_path_of_curves_becomes_points(maker: Any):
    points = maker("kanjivg").path_points("M10,20c0,0,30,0,30,0S40,20,40,50")
    assert points.shape == (25, 2)
    assert points[0].tolist() == [10, 20]
    assert points[12].tolist() == [40, 20]
    assert points[-1].tolist() == [40, 50]
    assert np.abs(points[1:12, 1] - 20).max() < 1e-9
    again = maker("kanjivg").path_points("m10,20C10,20,40,20,40,20s0,0,0,30")
    assert np.abs(points - again).max() < 1e-9


def test_ink_is_where_a_pixel_is_near_a_stroke(maker: Any):
    drawn = maker("ink").drawn
    flat = drawn([np.array([[4.5, 10.5], [11.5, 10.5]])], 0.8)
    assert np.argwhere(flat).tolist() == [[10, column] for column in range(4, 12)]
    thick = drawn([np.array([[4.0, 10.5], [12.0, 10.5]])], 3.0)
    assert set(np.argwhere(thick)[:, 0].tolist()) == {9, 10, 11}
    two = drawn([np.array([[4.0, 10.5], [12.0, 10.5]]), np.array([[4.0, 20.5], [12.0, 20.5]])], 0.8)
    assert set(np.argwhere(two)[:, 0].tolist()) == {10, 20}  # and nothing between the strokes
    assert two.dtype == np.uint8


def test_what_looks_like_an_earlier_character_is_left_out(maker: Any):
    glyph, bank = maker("strokes").Glyph, maker("bank")
    t = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([np.cos(t), np.sin(t)], axis=1) / 2
    bent = np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]])
    glyphs = [glyph("A", "o", (ring,)), glyph("A", "l", (bent,)), glyph("B", "0", (ring * 1.01,))]
    assert bank.first_of_its_kind(glyphs) == [True, True, False]


def test_each_hand_draws_in_a_manner_of_its_own(maker: Any):
    hand = maker("drawer").hand
    assert hand("Latin", 3) == hand("Latin", 3)
    assert len({hand(alphabet, k) for alphabet in ("Latin", "Greek") for k in range(20)}) == 40
