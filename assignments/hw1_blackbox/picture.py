"""Draws episode.png, the picture of one episode in the handout: python picture.py"""

import sys
from pathlib import Path

import numpy as np

# ruff: noqa: E402  (the folder of the characters comes before what imports from it)
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "characters"))

from characters import load_characters

CLASSES = ["Hiragana/character04", "Greek/character20", "Katakana/character20"]  # numbered 0, 1, 2 in this episode
SHOTS, QUERY_ORDER = 2, [2, 0, 1]
COLORS = ["#0072B2", "#D55E00", "#009E73"]


def episode() -> tuple[np.ndarray, list[list[int]]]:
    """Images (K+1, N, 28, 28) and the class of each: K support rows in class order, and the query row in another."""
    characters = load_characters()
    drawn = np.stack([characters.images[characters.names.index(name), : SHOTS + 1] for name in CLASSES], axis=1)
    drawn[-1] = drawn[-1, QUERY_ORDER]
    return drawn, [list(range(len(CLASSES)))] * SHOTS + [QUERY_ORDER]


def picture(file: Path) -> None:
    """On the left the episode as an array (K+1, N), on the right the sequence that the network reads."""
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    images, classes = episode()
    rows, n_way = images.shape[:2]
    fig, axis = plt.subplots(figsize=(11, 2.9), layout="constrained")
    axis.set(xlim=(-1.75, 15.6), ylim=(3.75, -0.75), aspect="equal")
    axis.axis("off")

    def image(x: float, y: float, size: float, k: int, n: int) -> None:
        class_id = classes[k][n]
        axis.imshow(1 - images[k, n], cmap="gray", extent=(x, x + size, y + size, y), vmin=0, vmax=1)
        axis.add_patch(plt.Rectangle((x, y), size, size, fill=False, edgecolor=COLORS[class_id], linewidth=2))

    def text(x: float, y: float, content: str, **how: object) -> None:
        axis.text(x, y, content, **{"ha": "center", "va": "center", "fontsize": 9, **how})

    # The array. A one-hot label stands below each image.
    for n in range(n_way):
        text(0.45 + 1.25 * n, -0.3, f"n = {n}")
    for k in range(rows):
        y = 1.25 * k
        what = f"k = {k}\nsupport" if k < SHOTS else f"k = {k} = K\nquery"
        text(-0.95, y + 0.4, what, color="0" if k < SHOTS else "#8B0000")
        for n in range(n_way):
            image(1.25 * n, y, 0.9, k, n)
            one_hot = " ".join("1" if c == classes[k][n] else "0" for c in range(n_way))
            text(0.45 + 1.25 * n, y + 1.05, one_hot, family="monospace", color=COLORS[classes[k][n]])

    # The sequence.
    left, size = 5.1, 0.85
    text(left + 5.1, -0.3, "what the network reads, step by step: image and label, and in the query zeros")
    for k in range(rows):
        for n in range(n_way):
            step = k * n_way + n
            x = left + 1.14 * step
            image(x, 0.35, size, k, n)
            known = k < SHOTS
            one_hot = "\n".join("1" if known and c == classes[k][n] else "0" for c in range(n_way))
            text(x + size / 2, 1.75, one_hot, family="monospace", color=COLORS[classes[k][n]] if known else "#8B0000")
            text(x + size / 2, 0.13, f"{step}", fontsize=8, color="0.4")
            if not known:
                axis.annotate("", (x + size / 2, 2.85), (x + size / 2, 2.3), arrowprops={"arrowstyle": "->"})
                answer = "\n".join("1" if c == classes[k][n] else "0" for c in range(n_way))
                text(x + size / 2, 3.2, answer, family="monospace", color=COLORS[classes[k][n]])
    edge = left + 1.14 * SHOTS * n_way - 0.145
    axis.plot([edge, edge], [0.05, 2.3], color="0.4", linestyle=":", linewidth=1.5)
    text(
        edge - 0.25,
        3.2,
        "of the answers, the loss looks at these three only,\nand compares them with the labels",
        ha="right",
    )
    fig.savefig(file, dpi=90, metadata={"Software": None})
    plt.close(fig)


if __name__ == "__main__":
    picture(HERE / "episode.png")
