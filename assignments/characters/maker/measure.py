"""How alike two sets of characters are: ink, size, and what the nearest neighbour of a drawing says.

python assignments/characters/maker/measure.py                   # the shipped characters
python assignments/characters/maker/measure.py FOLDER_OR_NPZ     # the real Omniglot
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from characters import DRAWINGS, SIDE, Characters, CharactersError, load_characters, nearest_neighbour_accuracy

EPISODES = 400
WAYS, QUERIES = 5, 5


def box_side(characters: Characters) -> float:
    """The longer side of the box around the ink of a drawing, in pixels, on average."""
    sides = [
        np.stack([np.where(filled.any(), SIDE - filled[..., ::-1].argmax(-1) - filled.argmax(-1), 0)
                  for filled in (characters.images.any(axis) for axis in (-1, -2))]).max(axis=0)
    ]  # fmt: skip
    return float(np.mean(sides))


def spread_of_size(characters: Characters) -> float:
    """The standard deviation of the logarithm of that side among the drawings of one character, on average."""
    boxes = [characters.images.any(axis) for axis in (-1, -2)]
    longer = np.max([SIDE - filled[..., ::-1].argmax(-1) - filled.argmax(-1) for filled in boxes], axis=0)
    return float(np.log(longer).std(axis=1).mean())


def neighbour_accuracies(characters: Characters, shots: int, rng: np.random.Generator) -> np.ndarray:
    """The accuracy of pixel nearest neighbours in each of EPISODES draws of 5 characters with 5 queries each."""
    pixels, labels = characters.pixels(), np.arange(WAYS)
    accuracies = []
    for _ in range(EPISODES):
        chosen = rng.choice(len(pixels), WAYS, replace=False)
        drawn = np.stack([pixels[character][rng.permutation(DRAWINGS)[: shots + QUERIES]] for character in chosen])
        support, query = drawn[:, :shots].reshape(WAYS * shots, -1), drawn[:, shots:].reshape(WAYS * QUERIES, -1)
        accuracies.append(nearest_neighbour_accuracy(support, labels.repeat(shots), query, labels.repeat(QUERIES)))
    return np.array(accuracies)


def report(characters: Characters) -> str:
    """All figures as text; intervals are of 95 % (normal approximation over episodes)."""
    ink = characters.images.mean(axis=(1, 2, 3))
    lines = [
        f"{len(characters.names)} characters of {len(set(characters.alphabets))} alphabets",
        f"ink: {100 * ink.mean():.1f} % of the pixels (standard deviation between characters {100 * ink.std():.1f})",
        f"box around the ink: longer side {box_side(characters):.1f} pixels, "
        f"within a character spread by {100 * spread_of_size(characters):.0f} %",
    ]
    test = characters.split()["test"]
    for name, some in (("all characters", characters), ("characters of test alphabets", test)):
        for shots in (1, 5):
            accuracies = neighbour_accuracies(some, shots, np.random.default_rng(0))
            half = 1.96 * accuracies.std(ddof=1) / len(accuracies) ** 0.5
            lines.append(f"pixel nearest neighbour, {WAYS} ways, {shots} shot, {name}: "
                         f"{accuracies.mean():.3f} +- {half:.3f} ({len(accuracies)} episodes)")  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        print(report(load_characters(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
    except CharactersError as error:
        sys.exit(str(error))
