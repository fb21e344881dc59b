"""Draws the figures of the handout: python figures/draw.py [FOLDER]. Needs matplotlib."""

import sys
from functools import partial
from pathlib import Path

BLUE, RED, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "0.55"
PALE = "0.88"

# MiniLM: blocks, width, hidden units of a block, tokens, positions; and what the figure adds: classes, rank.
BLOCKS, WIDTH, HIDDEN, VOCABULARY, POSITIONS, CLASSES, RANK = 6, 384, 1536, 30522, 512, 10, 4
EMBEDDINGS = (VOCABULARY + POSITIONS + 2 + 2) * WIDTH  # of tokens, positions and two kinds of sentence; a norm
BLOCK = 4 * (WIDTH + 1) * WIDTH + (WIDTH + 1) * HIDDEN + (HIDDEN + 1) * WIDTH + 2 * 2 * WIDTH
HEAD = (WIDTH + 1) * CLASSES
LORA = RANK * (WIDTH + WIDTH)  # one layer
CHOSEN = {"all": range(BLOCKS), "first": (0, 1), "middle": (2, 3), "last": (4, 5), "lora": ()}

# The example of problem 3: what each place holds, as text, as a number, and whether it is prompt, answer or padding.
PIECES = [
    [("a", 97), ("b", 98), ("␣", 32), ("-", 45), (">", 62), ("␣", 32), ("d", 100), ("e", 101), ("end", 7)],
    [("c", 99), ("␣", 32), ("f", 102), ("end", 7), *[("pad", 3)] * 5],
]
PROMPT_LENGTHS, LENGTHS = (5, 1), (9, 4)


def weights_trained(mode: str) -> int:
    """How many numbers change in this mode, the new head among them."""
    if mode == "lora":
        return BLOCKS * 2 * LORA + HEAD  # query and value of each block
    return len(CHOSEN[mode]) * BLOCK + HEAD + (EMBEDDINGS if mode == "all" else 0)


def modes(axis) -> None:
    """What each mode trains in MiniLM, and how far down the backward pass has to go."""
    rows = ["embeddings", *(f"block {k}" for k in range(BLOCKS)), "head"]
    for column, (mode, chosen) in enumerate(CHOSEN.items()):
        lowest = 0 if mode == "all" else 1 + min(chosen, default=0)  # row of the lowest part with something to train
        for row, name in enumerate(rows):
            trained = mode == "all" or name == "head" or row - 1 in chosen
            face = BLUE if trained else PALE if row >= lowest else "white"
            axis.add_patch(_box(column + 0.06, row + 0.1, 0.88, 0.8, face=face))
            if mode == "lora" and name.startswith("block"):
                for left in (0.2, 0.62):
                    axis.add_patch(_box(column + left, row + 0.2, 0.18, 0.6, face=RED))
        axis.text(column + 0.5, len(rows) + 0.25, mode, ha="center", fontsize=12, weight="bold")
        axis.text(column + 0.5, -0.45, f"{weights_trained(mode):,}", ha="center", fontsize=9)
    for row, name in enumerate(rows):
        axis.text(-0.1, row + 0.5, name, ha="right", va="center", fontsize=10)
    axis.text(-0.1, -0.45, "trained", ha="right", fontsize=9)
    for at, (face, words) in enumerate(
        (
            (BLUE, "trained"),
            (RED, "trained: factors A and B beside two frozen layers"),
            (PALE, "frozen, and the backward pass goes through it"),
            ("white", "frozen, and the backward pass never comes here"),
        )
    ):
        axis.add_patch(_box(-0.7, -1.45 - 0.62 * at, 0.4, 0.42, face=face))
        axis.text(-0.15, -1.24 - 0.62 * at, words, va="center", fontsize=10)
    _frame(axis, (-1.35, 5.05), (-3.5, 8.8))


def low_rank(axis) -> None:
    """A LoRA layer, x (W + A B^T), each matrix as large as it is beside the others."""
    d_in, d_out, r, middle = 2.6, 1.7, 0.4, 1.3
    place = {"x": 0.0, "W": 3.35, "A": 5.85, "B": 6.45}
    for name, width, height, face in (
        ("x", d_in, 0.4, PALE),
        ("W", d_out, d_in, PALE),
        ("A", r, d_in, RED),
        ("B", d_out, r, RED),
    ):
        axis.add_patch(_box(place[name], middle - height / 2, width, height, face=face))
    for words, at, ink in (
        ("x", place["x"] + d_in / 2, "black"),
        ("W\nfrozen", place["W"] + d_out / 2, "black"),
        ("A", place["A"] + r / 2, "white"),
        (r"$B^T$", place["B"] + d_out / 2, "white"),
        ("+", (place["W"] + d_out + place["A"]) / 2, "black"),
    ):
        axis.text(at, middle, words, ha="center", va="center", fontsize=13, color=ink)
    for at, height, words in (
        (place["x"] + d_in / 2, middle + 0.3, r"$d_{\mathrm{in}}$"),
        (place["W"] + d_out / 2, d_in + 0.1, r"$d_{\mathrm{out}}$"),
        (place["A"] + r / 2, d_in + 0.1, r"$r$"),
        (place["B"] + d_out / 2, middle + 0.3, r"$d_{\mathrm{out}}$"),
    ):
        axis.text(at, height, words, ha="center", va="bottom", fontsize=11)
    for at, words in ((place["W"] - 0.3, "("), (place["B"] + d_out + 0.3, ")")):
        axis.text(at, middle, words, ha="center", va="center", fontsize=40)
    axis.text(place["A"] + r / 2, -0.1, "starts random", ha="center", va="top", fontsize=10, color=RED)
    axis.text(place["B"] + d_out / 2, middle - 0.3, "starts as 0", ha="center", va="top", fontsize=10, color=RED)
    _frame(axis, (-0.1, 8.7), (-0.55, 3.1))


def tokens(axis) -> None:
    """The batch of problem 3: tokens, mask, labels, and which place is asked for which label."""
    colors = {"prompt": PALE, "answer": BLUE, "padding": "white"}
    inks = {"prompt": "black", "answer": "white", "padding": GREY}
    write = partial(axis.text, ha="center", va="center")
    top = 0.0
    for row, places in enumerate(PIECES):
        for at, (piece, number) in enumerate(places):
            kind = "padding" if at >= LENGTHS[row] else "prompt" if at < PROMPT_LENGTHS[row] else "answer"
            middle = at + 0.46
            axis.add_patch(_box(at, top - 1, 0.92, 0.95, face=colors[kind]))
            write(middle, top - 0.33, piece, fontsize=11, color=inks[kind])
            write(middle, top - 0.72, str(number), fontsize=9, color=inks[kind])
            write(middle, top - 1.3, "0" if kind == "padding" else "1", fontsize=9)
            if kind == "answer":  # the place before is asked for it
                write(middle, top - 3.0, str(number), fontsize=9, color=BLUE, weight="bold")
                arrow = {"arrowstyle": "->", "color": BLUE, "linewidth": 1.4}
                axis.annotate("", (middle - 0.1, top - 2.78), (middle - 1, top - 1.55), arrowprops=arrow)
            else:
                write(middle, top - 3.0, "−100", fontsize=9, color=GREY)
        for height, words in ((0.5, "tokens"), (1.3, "mask"), (2.15, "asked for"), (3.0, "labels")):
            axis.text(-0.12, top - height, words, ha="right", va="center", fontsize=10)
        top -= 4.1
    for left, (kind, words) in zip(
        (0, 2.6, 6.9), (("prompt", "prompt"), ("answer", "completion and end"), ("padding", "padding")), strict=True
    ):
        axis.add_patch(_box(left, 0.35, 0.4, 0.4, face=colors[kind]))
        axis.text(left + 0.55, 0.55, words, va="center", fontsize=10)
    _frame(axis, (-1.75, 9.05), (-7.5, 0.95))


def _box(left: float, bottom: float, width: float, height: float, face: str):
    from matplotlib.patches import Rectangle

    return Rectangle((left, bottom), width, height, facecolor=face, edgecolor="black", linewidth=0.8)


def _frame(axis, x: tuple[float, float], y: tuple[float, float]) -> None:
    axis.set(xlim=x, ylim=y)
    axis.axis("off")


def main(folder: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    for name, draw, height in (("modes", modes, 5.2), ("lora", low_rank, 2.3), ("tokens", tokens, 4.2)):
        fig, axis = plt.subplots(figsize=(5.2, height), layout="constrained")
        draw(axis)
        fig.savefig(folder / f"{name}.png", dpi=130)
        plt.close(fig)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
