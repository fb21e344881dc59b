"""Draws the figures of the handout: python figures/draw.py [FOLDER]. Needs matplotlib."""

import sys
from functools import partial
from pathlib import Path

import numpy as np

BLUE, RED, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "0.55"
ALPHA, SIGMA = 0.5, 1.0
STEEP, FLAT = 0.8, 0.2  # eigenvalues of H
SOLUTION = np.array([1.0, 1.0])  # least squares; the steps begin at 0
NUMBERED = (1, 2, 5, 10)  # steps that have their number beside them

TAU2, V = 1.0, 0.6  # variance over tasks, variance of the noise in an estimate
DRAWS = 20_000  # experiments of T tasks behind each curve


def descent() -> np.ndarray:
    """Gradient steps in the coordinates of H, one after the other, (steps + 1, 2)."""
    h, phi, path = np.array([STEEP, FLAT]), np.zeros(2), []
    for _ in range(41):
        path.append(phi)
        phi = phi - ALPHA * h * (phi - SOLUTION)
    return np.array(path)


def slope(h, phi, variance):
    """Slope of the log posterior in one direction. It is 0 at the MAP estimate; the prior has its mean at 0."""
    return h * (1 - phi) / SIGMA**2 - phi / variance


def zero_of(function, low, high):
    """Where a falling function is 0, by bisection. Arrays are taken entry by entry."""
    for _ in range(60):
        middle = (low + high) / 2
        above = function(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return low


def steps_and_one_prior(axis) -> None:
    """The way of gradient descent, and all MAP estimates of a prior that has the same variance in both directions."""
    x, y = np.meshgrid(np.linspace(-0.15, 1.35, 200), np.linspace(-0.4, 1.2, 200))
    axis.contour(x, y, STEEP * (x - 1) ** 2 + FLAT * (y - 1) ** 2, levels=8, colors="0.85", linewidths=0.8)
    path, h = descent(), np.array([STEEP, FLAT])
    variance = np.geomspace(1e-3, 1e4, 200)[:, None]
    estimates = zero_of(lambda phi: slope(h, phi, variance), np.zeros((200, 2)), np.ones((200, 2)))
    axis.plot(*path.T, "o-", color=BLUE, markersize=4, linewidth=1, label="gradient steps")
    axis.plot(*estimates.T, "--", color=RED, label="MAP, one variance for both directions")
    for step in NUMBERED:
        axis.annotate(f"L = {step}", path[step], path[step] + (0.04, -0.05), fontsize=8)
    axis.plot(0, 0, "s", color="black")
    axis.plot(*SOLUTION, "*", color="black", markersize=13)
    axis.text(-0.09, -0.03, r"$\theta$", fontsize=11)
    axis.text(1.05, 1.03, r"$\hat{\phi}$", fontsize=11)
    axis.set(aspect="equal", xlabel=f"steep direction, h = {STEEP}", ylabel=f"flat direction, h = {FLAT}")
    axis.set_title("from the start to least squares, on two ways", fontsize=9)
    axis.legend(fontsize=8, loc="lower right")


def implied_variance(axis) -> None:
    """For each direction the prior variance whose MAP estimate lies where the steps have come to."""
    path, steps = descent(), np.arange(1, 21)
    for column, (h, color, name) in enumerate(((STEEP, BLUE, "steep"), (FLAT, GREEN, "flat"))):
        reached = path[steps, column]
        logs = zero_of(lambda log, h=h, phi=reached: -slope(h, phi, np.exp(log)), -20.0 + 0 * steps, 20.0 + 0 * steps)
        axis.semilogy(steps, np.exp(logs), "o-", color=color, markersize=3.5, linewidth=1, label=f"{name}, h = {h}")
    axis.set(xlabel="number of steps L", ylabel="prior variance q")
    axis.set_xticks([1, 5, 10, 15, 20])
    axis.set_title("few steps: a narrow prior. Many steps: a wide one", fontsize=9)
    axis.grid(color="0.93")
    axis.legend(fontsize=8)


def risks(axis, tasks: int) -> None:
    """Risk on training tasks and on a new task over b, simulated: no formula of the homework is used."""
    rng = np.random.default_rng(tasks)
    truth = rng.normal(0, np.sqrt(TAU2), (DRAWS, tasks + 1))  # the last one is the new task
    estimate = truth + rng.normal(0, np.sqrt(V), truth.shape)
    mean = estimate[:, :-1].mean(axis=1, keepdims=True)
    shrinkage = np.linspace(0, 1.15, 60)
    squared = [((mean + b * (estimate - mean) - truth) ** 2).mean(axis=0) for b in shrinkage]  # each (tasks + 1,)
    test, train = np.array([(each[-1], each[:-1].mean()) for each in squared]).T
    axis.plot(shrinkage, test, color=RED, label="a new task")
    axis.plot(shrinkage, train, color=BLUE, label="the training tasks")
    axis.fill_between(shrinkage, train, test, color=GREY, alpha=0.25, linewidth=0, label="the gap")
    axis.set(xlabel="b", ylabel="mean squared error", ylim=(0.25, 1.7))
    axis.set_title(f"T = {tasks} training tasks", fontsize=9)
    axis.legend(fontsize=8)


def main(folder: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    both = [partial(risks, tasks=tasks) for tasks in (3, 20)]
    for name, parts in (("steps", [steps_and_one_prior, implied_variance]), ("gap", both)):
        fig, axes = plt.subplots(1, len(parts), figsize=(4.5 * len(parts), 4.1), squeeze=False, layout="constrained")
        for axis, draw in zip(axes[0], parts, strict=True):
            draw(axis)
        fig.savefig(folder / f"{name}.png", dpi=80)
        plt.close(fig)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
