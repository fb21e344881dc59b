"""From runs to something one can look at: means with intervals, a table, two figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from intervals import interval, unique
from learners import Accuracy, Learner, Trained
from quick_runs import label

CHANCE, PIXELS = "chance", "nearest neighbour in pixels"
COLORS = ("#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#CC79A7", "#009E73", "#000000", "#F0E442")


@dataclass(frozen=True)
class Run:
    """One learner with one seed, or one baseline, which has no `learner` and no `trained`."""

    name: str
    seed: int
    by_shots: dict[int, Accuracy]
    learner: Learner | None = None
    trained: Trained | None = None


def of_name(runs: Sequence[Run], name: str) -> list[Run]:
    return [run for run in runs if run.name == name]


def cell(runs: Sequence[Run], shots: int) -> str:
    """Mean and interval over seeds, and in brackets how wide the interval over tasks is within one seed."""
    accuracies = [run.by_shots[shots] for run in runs]
    over_tasks = np.mean([half_width for _, half_width in accuracies])
    over_seeds = interval([mean for mean, _ in accuracies])
    return f"{over_seeds} (tasks ± {over_tasks:.3f})" if over_tasks else f"{over_seeds.mean:.3f}"


def difference(runs: Sequence[Run], one: str, other: str, shots: int) -> list[float]:
    """`one` - `other`, seed by seed: both met the same tasks, so the luck of the tasks cancels."""
    by_seed = {(run.name, run.seed): run.by_shots[shots][0] for run in runs}
    seeds = unique([run.seed for run in runs])
    return [by_seed[one, seed] - by_seed[other, seed] for seed in seeds]


def comparisons(runs: Sequence[Run]) -> list[tuple[str, str, str]]:
    """Pairs of learners that differ in one thing: (what differs, name, name)."""
    learners = unique([run.learner for run in runs if run.learner])
    pairs = []
    for one in learners:
        for other in learners:
            if None in (one.inner_lr, other.inner_lr):
                differ = one.inner_lr == other.inner_lr and one.shots > other.shots
                what = f"ProtoNet, trained with {one.shots} − {other.shots} shots"
            elif (one.steps, one.learned) == (other.steps, other.learned):
                differ = one.inner_lr > other.inner_lr
                what = f"MAML, {one.steps} step{'s' * (one.steps > 1)}{', learned' * one.learned}: "
                what += f"rate {one.inner_lr:g} − {other.inner_lr:g}"
            elif (one.inner_lr, one.learned) == (other.inner_lr, other.learned):
                differ = one.steps > other.steps
                what = f"MAML, rate {one.inner_lr:g}{', learned' * one.learned}: {one.steps} − {other.steps} steps"
            else:
                differ = (one.inner_lr, one.steps) == (other.inner_lr, other.steps) and one.learned
                what = f"MAML, {one.steps} step{'s' * (one.steps > 1)}: learned from {one.inner_lr:g} − fixed"
            if differ:
                pairs.append((what, one.name, other.name))
    return pairs


def table(runs: Sequence[Run], title: str) -> str:
    """Markdown: accuracy on the test alphabets by shots; below, differences within a seed."""
    seeds, shots = unique([run.seed for run in runs]), list(runs[0].by_shots)
    lines = [
        f"### {title}",
        "",
        f"Mean and 95 % interval over {len(seeds)} seeds ({', '.join(map(str, seeds))}); in brackets half of the 95 % "
        "interval over the tasks of one seed.",
        "",
        "| accuracy on unseen characters | "
        + " | ".join(f"{k} shot{'s' * (k > 1)}" for k in shots)
        + " | training (processor time) |",
        "|---" * (len(shots) + 2) + "|",
    ]
    for name in unique([run.name for run in runs]):
        these = of_name(runs, name)
        seconds = [run.trained.seconds for run in these if run.trained]
        cost = f"{np.mean(seconds):.0f} s" if seconds else ""
        lines.append(f"| {name} | " + " | ".join(cell(these, k) for k in shots) + f" | {cost} |")
    for what, one, other in comparisons(runs):
        gains = [difference(runs, one, other, k) for k in shots]
        cells = [f"{interval(gain)} (positive in {sum(g > 0 for g in gain)} of {len(gain)})" for gain in gains]
        lines.append(f"| *{what}* | " + " | ".join(cells) + " | |")
    return "\n".join([*lines, ""])


def rates_table(runs: Sequence[Run]) -> str:
    """Markdown: the learned rates after training, mean over seeds; nothing where nothing was learned."""
    names = unique([run.name for run in runs if run.learner and run.learner.learned])
    if not names:
        return ""
    of = {name: [run.trained.rates for run in of_name(runs, name) if run.trained] for name in names}
    tensors = list(of[names[0]][0])
    lines = ["| learned rate of | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for tensor in tensors:
        lines.append(f"| `{tensor}` | " + " | ".join(str(interval([r[tensor] for r in of[n]])) for n in names) + " |")
    return "\n".join([*lines, ""])


def curves(runs: Sequence[Run], file: Path, quick: bool) -> None:
    """The training loss, and the accuracy on validation alphabets as training goes on: mean and range over seeds."""
    fig, (left, right) = _axes(2)
    for color, name, trained in _learners(runs):
        losses = np.array([one.losses for one in trained])  # (seeds, updates)
        width = max(1, losses.shape[1] // 10)
        smooth = np.array([np.convolve(row, np.ones(width) / width, "valid") for row in losses])
        _band(left, np.arange(width, losses.shape[1] + 1), smooth, color, name)
        _band(
            right, [at for at, _ in trained[0].curve], [[mean for _, (mean, _) in one.curve] for one in trained], color
        )
    _baselines(of_name(runs, CHANCE), right, lambda run: run.by_shots[1][0])  # pixels are measured on test tasks
    left.set(xlabel="update", ylabel="training loss, smoothed", ylim=(0, None))
    right.set(xlabel="update", ylabel="accuracy, validation alphabets, 1 shot", ylim=(0, 1))
    _save(fig, left, file, quick)


def at_test_time(runs: Sequence[Run], file: Path, quick: bool) -> None:
    """What changes when a trained learner gets more shots, or takes more inner steps, than in training."""
    fig, (left, right) = _axes(2)
    for color, name, trained in _learners(runs):
        shots = list(trained[0].by_shots)
        _band(left, shots, [[one.by_shots[k][0] for k in shots] for one in trained], color, name)
        if steps := list(trained[0].by_steps):
            _band(right, steps, [[one.by_steps[s][0] for s in steps] for one in trained], color)
    shots = list(runs[0].by_shots)
    pixels = [[run.by_shots[k][0] for k in shots] for run in of_name(runs, PIXELS)]
    left.plot(shots, np.mean(pixels, axis=0), ":", color="0.3", label=PIXELS)
    _baselines(of_name(runs, CHANCE), left, lambda run: run.by_shots[1][0])
    _baselines(runs, right, lambda run: run.by_shots[1][0])
    left.set(xlabel="shots K at test time", ylabel="accuracy, test alphabets", ylim=(0, 1), xticks=shots)
    right.set(xlabel="inner steps at test time", ylabel="accuracy, test alphabets, 1 shot", ylim=(0, 1))
    _save(fig, left, file, quick)


def _axes(columns: int):
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    return plt.subplots(1, columns, figsize=(4.6 * columns, 4.6), layout="constrained")


def _learners(runs: Sequence[Run]) -> list[tuple[str, str, list[Trained]]]:
    names = unique([run.name for run in runs if run.learner])
    return [
        (COLORS[place % len(COLORS)], name, [run.trained for run in of_name(runs, name) if run.trained])
        for place, name in enumerate(names)
    ]


def _band(axis, x, curves, color: str, label: str | None = None) -> None:
    curves = np.array(curves)  # (seeds, points)
    axis.plot(x, curves.mean(0), color=color, label=label, marker="o" if len(x) < 20 else "", markersize=3)
    axis.fill_between(x, curves.min(0), curves.max(0), color=color, alpha=0.15, linewidth=0)


def _baselines(runs: Sequence[Run], axis, accuracy: Callable[[Run], float]) -> None:
    for name, color in ((CHANCE, "0.6"), (PIXELS, "0.3")):
        if these := of_name(runs, name):
            axis.axhline(np.mean([accuracy(run) for run in these]), color=color, linestyle=":", linewidth=1, label=name)


def _save(fig, axis, file: Path, quick: bool) -> None:
    handles, labels = axis.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=2, fontsize="small")
    label(fig, quick)
    fig.savefig(file, dpi=80)
    fig.clear()
