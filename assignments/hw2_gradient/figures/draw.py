"""Draws the figures of the handout: python figures/draw.py [FOLDER]. Needs matplotlib."""

import sys
from pathlib import Path

import numpy as np

BLUE, RED, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "0.55"
ALPHA = 1 / 5
TASKS = ((1.0, 0.0, BLUE), (3.0, 1.0, RED))  # A and c of A (theta - c)^2 / 2
SETTLED = {"MAML": (3 / 7, "o"), "first order": (3 / 5, "s"), "joint": (3 / 4, "^")}


def prototypes_and_queries(axis) -> None:
    """Three classes with three embedded support images each, their means, the border lines, and a query."""
    support = np.array(  # (N, K, D)
        [
            [[0.0, 0.0], [0.6, 1.0], [1.2, -0.4]],
            [[3.0, 0.2], [3.8, 1.0], [3.4, -0.6]],
            [[1.4, 2.6], [2.4, 3.4], [2.2, 2.4]],
        ]
    )
    means = support.mean(axis=1)  # (N, D)
    x, y = np.meshgrid(np.linspace(-0.6, 4.4, 300), np.linspace(-1.0, 4.0, 300))
    distances = ((np.stack([x, y], axis=-1)[..., None, :] - means) ** 2).sum(axis=-1)  # (300, 300, N)
    axis.contourf(x, y, distances.argmin(axis=-1), levels=[-0.5, 0.5, 1.5, 2.5], colors=(BLUE, RED, GREEN), alpha=0.13)
    for members, mean, color in zip(support, means, (BLUE, RED, GREEN), strict=True):
        for member in members:
            axis.plot(*zip(member, mean, strict=True), color=color, linewidth=0.8)
        axis.plot(*members.T, "o", color=color, markersize=6)
        axis.plot(*mean, "*", color=color, markersize=17, markeredgecolor="black")
    query = np.array([1.6, 1.0])
    squared = ((query - means) ** 2).sum(axis=1)
    share = np.exp(-squared) / np.exp(-squared).sum()
    for mean, distance, part in zip(means, squared, share, strict=True):
        axis.plot(*zip(query, mean, strict=True), "--", color="black", linewidth=0.8)
        axis.annotate(f"$d^2$ = {distance:.2f}\np = {part:.2f}", 0.45 * query + 0.55 * mean, fontsize=8, ha="center",
                      bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1})  # fmt: skip
    axis.plot(*query, "X", color="black", markersize=10)
    axis.set(aspect="equal", xlabel="first number of the embedding", ylabel="second number")
    axis.set_title("dots: support, stars: prototypes, cross: a query", fontsize=9)


def inner_steps(axis) -> None:
    """The two quadratic tasks, and one inner step on each from where MAML settles."""
    theta = np.linspace(-0.35, 1.45, 200)
    for a, c, color in TASKS:
        axis.plot(theta, a * (theta - c) ** 2 / 2, color=color, label=f"A = {a:g}, c = {c:g}")
        start = SETTLED["MAML"][0]
        end = start - ALPHA * a * (start - c)
        height = [a * (at - c) ** 2 / 2 for at in (start, end)]
        axis.annotate("", (end, height[1]), (start, height[0]),
                      arrowprops={"arrowstyle": "->", "color": color, "linewidth": 1.8})  # fmt: skip
        axis.plot(start, height[0], "o", color=color)
    axis.set(xlabel=r"$\theta$", ylabel="loss of the task", ylim=(-0.03, 0.9))
    axis.set_title("one inner step on each task, from MAML's 3/7", fontsize=9)
    axis.legend(fontsize=8)


def outer_objectives(axis) -> None:
    """What joint training and MAML minimise, and where each learner settles."""
    theta = np.linspace(-0.35, 1.45, 200)
    before = sum(a * (theta - c) ** 2 / 2 for a, c, _ in TASKS) / 2
    after = sum(a * (1 - ALPHA * a) ** 2 * (theta - c) ** 2 / 2 for a, c, _ in TASKS) / 2
    axis.plot(theta, before, color=GREY, label="mean loss before the step")
    axis.plot(theta, after, color="black", label="mean loss after the step")
    for name, (at, marker) in SETTLED.items():
        height = np.interp(at, theta, before if name == "joint" else after)
        axis.plot(at, height, marker, color=GREY if name == "joint" else "black", markersize=8,
                  markerfacecolor="white" if name == "first order" else None, label=f"{name} settles here")  # fmt: skip
    axis.set(xlabel=r"$\theta$", ylim=(-0.03, 0.9))
    axis.set_title("the outer objectives", fontsize=9)
    axis.legend(fontsize=8)


def main(folder: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    for name, parts in (("prototypes", [prototypes_and_queries]), ("quadratics", [inner_steps, outer_objectives])):
        fig, axes = plt.subplots(1, len(parts), figsize=(4.5 * len(parts), 4.1), squeeze=False, layout="constrained")
        for axis, draw in zip(axes[0], parts, strict=True):
            draw(axis)
        fig.savefig(folder / f"{name}.png", dpi=80)
        plt.close(fig)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
