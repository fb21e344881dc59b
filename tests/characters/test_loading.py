"""Loading: the shipped set, a folder in Omniglot's layout, an archive; and what is said of each that is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "assignments" / "characters"
ALPHABETS = {"images_background": ["Aurek", "Besh"], "images_evaluation": ["Cresh"]}
LARGE = 105  # pixels of a side, in Omniglot


@pytest.fixture(scope="module")
def module() -> Any:
    sys.path.insert(0, str(FOLDER))
    try:
        import characters
    finally:
        sys.path.remove(str(FOLDER))
    return characters


def cross(size: int, at: tuple[int, int]) -> np.ndarray:
    """A drawing as Omniglot has them: white, and lines of 3 black pixels that cross at a place."""
    image = np.full((LARGE, LARGE), 255, dtype=np.uint8)
    row, column = at
    image[row - 1 : row + 2, column - size : column + size] = 0
    image[row - size : row + size, column - 1 : column + 2] = 0
    return image


def place_of(alphabet: str, character: int, drawing: int) -> tuple[int, tuple[int, int]]:
    """Size and middle of a drawing's cross: of every drawing another."""
    return 20 + 5 * character, (40 + drawing, 40 + 3 * "ABC".index(alphabet[0]))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three alphabets of two characters each, in the layout of the real Omniglot."""
    folder = tmp_path_factory.mktemp("omniglot")
    for part, alphabets in ALPHABETS.items():
        for alphabet in alphabets:
            for character in (1, 2):
                place = folder / part / alphabet / f"character{character:02d}"
                place.mkdir(parents=True)
                for drawing in range(1, 21):
                    image = Image.fromarray(cross(*place_of(alphabet, character, drawing)))
                    image.convert("1").save(place / f"{character:04d}_{drawing:02d}.png")
        (folder / part / ".DS_Store").write_text("rubbish of a file manager")
    return folder


@pytest.fixture
def omniglot(written: Path, tmp_path: Path) -> Path:
    """A copy, to be damaged."""
    return shutil.copytree(written, tmp_path / "omniglot")


# ---- what is right --------------------------------------------------------------------------------------------------


def test_it_needs_numpy_alone():
    code = (
        "import sys, characters; characters.load_characters(); print([m for m in ('torch', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_in_omniglots_layout(module: Any, written: Path):
    characters = module.load_characters(written)
    assert characters.names == tuple(f"{a}/character0{n}" for a in ("Aurek", "Besh", "Cresh") for n in (1, 2))
    assert characters.alphabets == ("Aurek", "Aurek", "Besh", "Besh", "Cresh", "Cresh")
    assert characters.images.shape == (6, 20, 28, 28)
    assert characters.images.dtype == np.uint8
    size, (row, column) = place_of("Besh", 2, 7)
    image = characters.images[3, 6]  # drawing 7 of the second character
    scale = 28 / LARGE
    inked = np.argwhere(image)
    assert np.abs(inked.mean(axis=0) + 0.5 - [row * scale, column * scale]).max() < 0.5
    for axis in (0, 1):
        assert abs(np.ptp(inked[:, axis]) + 1 - 2 * size * scale) <= 1.5
    lines = image[inked[:, 0].min() : inked[:, 0].max() + 1].any(axis=1)
    assert lines.all()  # no line is torn, wherever it lies between the pixels
    assert 0.8 < image.sum() / (4 * size * scale * 3 * scale) < 2.5  # and none becomes a blot


@pytest.mark.parametrize("part", list(ALPHABETS))
def test_one_part_alone_will_do(module: Any, omniglot: Path, part: str):
    shutil.rmtree(omniglot / part)
    left = [alphabet for other, alphabets in ALPHABETS.items() if other != part for alphabet in alphabets]
    assert sorted(set(module.load_characters(omniglot).alphabets)) == left


def test_both_are_used_by_the_same_code(module: Any, written: Path):
    """An episode: 3 classes, 1 support image and 4 queries each, of the test part."""
    for source in (None, written):
        for part in module.load_characters(source).split().values():
            rng = np.random.default_rng(1)
            classes = rng.choice(len(part.names), min(3, len(part.names)), replace=False)
            drawn = np.stack([part.pixels()[c][rng.permutation(20)[:5]] for c in classes])  # (3, 5, 784)
            labels = np.arange(len(classes))
            accuracy = module.nearest_neighbour_accuracy(
                drawn[:, 0], labels, drawn[:, 1:].reshape(-1, 784), labels.repeat(4)
            )
            assert 0 <= accuracy <= 1


def test_what_is_saved_is_what_is_loaded(module: Any, written: Path, tmp_path: Path):
    characters = module.load_characters(written)
    characters.save(tmp_path / "a.npz")
    characters.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = module.load_characters(tmp_path / "a.npz")
    assert again.names == characters.names
    assert again.images.tobytes() == characters.images.tobytes()
    assert again.pixels().dtype == np.float32
    assert (again.pixels() == characters.images.reshape(6, 20, 784)).all()


# ---- what is broken -------------------------------------------------------------------------------------------------


def remove_a_drawing(folder: Path) -> Path:
    place = folder / "images_background/Besh/character02"
    (place / "0002_07.png").unlink()
    return place


def no_image(folder: Path) -> Path:
    file = folder / "images_evaluation/Cresh/character01/0001_03.png"
    file.write_text("<html>404: not found</html>")
    return file


def half_an_image(folder: Path) -> Path:
    file = folder / "images_evaluation/Cresh/character01/0001_03.png"
    file.write_bytes(file.read_bytes()[:60])
    return file


def white_on_black(folder: Path) -> Path:
    file = folder / "images_evaluation/Cresh/character01/0001_03.png"
    Image.fromarray(255 - cross(20, (50, 50))).save(file)
    return file


def no_classes(folder: Path) -> Path:
    for part in ALPHABETS:
        shutil.rmtree(folder / part)
        (folder / part).mkdir()
    return folder


def no_parts(folder: Path) -> Path:
    for part in ALPHABETS:
        shutil.rmtree(folder / part)
    return folder


def an_alphabet_in_both_parts(folder: Path) -> Path:
    shutil.copytree(folder / "images_background/Besh", folder / "images_evaluation/Besh")
    return folder


@pytest.mark.parametrize(
    ("damage", "what", "do"),
    [
        (remove_a_drawing, "holds 19 drawings (*.png), where every character has 20", "Unpack it again"),
        (no_image, "is no image that can be read", "Unpack it again"),
        (half_an_image, "is no image that can be read", "Unpack it again"),
        (white_on_black, "is white on black", "must be black on white"),
        (no_classes, "holds no character at all", "Unpack images_background.zip"),
        (no_parts, "holds neither images_background nor images_evaluation", "Unpack images_background.zip"),
        (an_alphabet_in_both_parts, "'Besh/character01' is there twice", "Unpack images_background.zip"),
    ],
)
def test_a_broken_folder_is_told(module: Any, omniglot: Path, damage: Callable[[Path], Path], what: str, do: str):
    place = damage(omniglot)
    with pytest.raises(module.CharactersError) as told:
        module.load_characters(omniglot)
    assert str(told.value).startswith(f"{place}: ")
    assert what in str(told.value)
    assert do in str(told.value)


def test_a_source_that_is_not_there_is_told(module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    missing = tmp_path / "omniglot"
    with pytest.raises(module.CharactersError, match=rf"{missing}: there is no such file or folder\. Unpack"):
        module.load_characters(missing)
    monkeypatch.setattr(module, "SHIPPED", missing)
    with pytest.raises(
        module.CharactersError, match=rf"{missing}: there is no such .* Take it from the hand-out again"
    ):
        module.load_characters()


NAMES = np.array(["A/character01", "B/character01"])
PACKED = np.zeros((2, 20, 98), dtype=np.uint8)


@pytest.mark.parametrize(
    ("arrays", "what"),
    [
        ({"characters": NAMES}, "images"),
        ({"images": PACKED}, "characters"),
        ({"images": PACKED[:, :19], "characters": NAMES}, r"must be \(C, 20, 98\) uint8, but are \(2, 19, 98\) uint8"),
        ({"images": PACKED.astype(float), "characters": NAMES}, r"but are \(2, 20, 98\) float64"),
        ({"images": PACKED, "characters": NAMES[:1]}, r"characters must be \(2,\) text, but are \(1,\) <U13"),
        ({"images": PACKED, "characters": np.arange(2)}, r"characters must be \(2,\) text, but are \(2,\) int64"),
        ({"images": PACKED, "characters": np.array([{}, {}])}, "is not a .npz of plain arrays"),
        ({"images": PACKED, "characters": NAMES[[0, 0]]}, "'A/character01' is there twice"),
        ({"images": PACKED, "characters": np.array(["A", "B/character01"])}, "'A' is not named like Alphabet/char"),
        ({"images": PACKED[:0], "characters": NAMES[:0]}, "holds no character at all"),
    ],
)
def test_a_wrong_archive_is_told(module: Any, tmp_path: Path, arrays: dict[str, np.ndarray], what: str):
    file = tmp_path / "other.npz"
    np.savez(file, **arrays)
    with pytest.raises(module.CharactersError, match=what) as told:
        module.load_characters(file)
    assert str(told.value).startswith(f"{file}: ")
    assert "Write it with Characters.save." in str(told.value)


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive", b"\x93NUMPY"])
def test_what_is_no_archive_is_told(module: Any, tmp_path: Path, content: bytes):
    file = tmp_path / "other.npz"
    file.write_bytes(content)
    with pytest.raises(module.CharactersError, match=r"other\.npz: is not a \.npz of plain arrays"):
        module.load_characters(file)


def test_one_array_alone_is_no_archive(module: Any, tmp_path: Path):
    np.save(tmp_path / "other.npy", PACKED)
    with pytest.raises(module.CharactersError, match=r"other\.npy: is not a \.npz of plain arrays"):
        module.load_characters(tmp_path / "other.npy")


def test_without_pillow_the_command_is_told(module: Any, written: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(module.CharactersError, match=r"read with pillow, which is not installed\. Run: python"):
        module.load_characters(written)
    assert len(module.load_characters().names) > 1000  # which needs none


# ---- the baseline ---------------------------------------------------------------------------------------------------


def test_nearest_neighbours_by_hand(module: Any):
    support = np.array([[[0.0, 0.0]], [[4.0, 0.0]], [[0.0, 3.0]]])
    query = np.array([[[1.0, 0.0]], [[3.0, 0.5]], [[0.0, 2.0]], [[2.0, 0.0]]])  # the last: as near to 0 as to 1
    found = module.nearest_neighbour_accuracy(support, np.array([7, 8, 9]), query, np.array([7, 8, 7, 7]))
    assert found == 0.75


@pytest.mark.parametrize(
    ("support", "labels", "query"),
    [((3, 4), (2,), (5, 4)), ((3, 4), (3, 1), (5, 4)), ((3, 4), (3,), (5, 6)), ((0, 4), (0,), (5, 4))],
)
def test_shapes_that_do_not_fit_are_refused(module: Any, support: tuple, labels: tuple, query: tuple):
    with pytest.raises(ValueError, match=r"there must be one label|must hold images of one shape"):
        module.nearest_neighbour_accuracy(np.zeros(support), np.zeros(labels), np.zeros(query), np.zeros(query[0]))
