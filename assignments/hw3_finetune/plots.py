"""Three figures: accuracy by number of examples, accuracy by number of shots, losses."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from classification import BASELINES
from quick_runs import label
from summary import InContext, Run, TunedWords, by_shots, tuned_on, unique

COLORS = ("#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#CC79A7", "#009E73", "#000000", "#F0E442")
LINES = dict(zip(BASELINES, (":", "--", "-."), strict=True))


def by_examples(runs: Sequence[Run], file: Path, quick: bool) -> None:
    """Mean over seeds and their range, by number of examples; baselines in grey."""
    fig, axes = _axes(1, quick)
    sizes = sorted({run.examples for run in runs})
    for place, name in enumerate(unique([run.name for run in runs if run.trained])):
        _band(axes[0], sizes, _by_seed(runs, name, sizes), COLORS[place % len(COLORS)], name)
    for name, line in LINES.items():
        if curves := _by_seed(runs, name, sizes):
            axes[0].plot(sizes, np.mean(curves, axis=0), line, color="0.4", label=name)
    axes[0].set(xscale="log", xlabel="examples", ylabel="accuracy on test texts", ylim=(0, 1))
    axes[0].set_xticks(sizes, [str(n) for n in sizes])
    axes[0].minorticks_off()
    _save(fig, axes[0], file)


def by_number_of_shots(runs: Sequence[InContext], tuned: Sequence[TunedWords], file: Path, quick: bool) -> None:
    """A line for each task in context, and stars where it was fine-tuned on so many examples."""
    fig, axes = _axes(1, quick)
    shots = sorted({k for run in runs for k in run.answers.by_shots})
    sizes = sorted({run.examples for run in tuned})
    for color, task in zip(COLORS, unique([run.task for run in runs]), strict=False):
        means = [np.mean(by_shots(runs, task, k)) for k in shots]
        ranges = [(min(by_shots(runs, task, k)), max(by_shots(runs, task, k))) for k in shots]
        axes[0].plot(shots, means, color=color, marker="o", markersize=3, label=task)
        axes[0].fill_between(shots, *zip(*ranges, strict=True), color=color, alpha=0.15, linewidth=0)
        reached = [np.mean(tuned_on(tuned, task, n)) for n in sizes if tuned_on(tuned, task, n)]
        axes[0].plot(sizes[: len(reached)], reached, "*", color=color, markersize=9)
    axes[0].plot([], [], "*", color="0.4", label="fine-tuned (LoRA)")
    axes[0].set_xscale("symlog", linthresh=1)
    ticks = sorted({*shots, *sizes})
    axes[0].set(xlabel="examples of the word map", ylabel="accuracy on test words", ylim=(-0.03, 1.03))
    axes[0].set_xticks(ticks, [str(n) for n in ticks])
    axes[0].minorticks_off()
    _save(fig, axes[0], file)


def losses(runs: Sequence[Run], tuned: Sequence[TunedWords], file: Path, quick: bool) -> None:
    """Left MiniLM with the most examples, right SmolLM2: means over seeds, and over tasks."""
    panels = [panel for panel in (_minilm_losses(runs), _smollm_losses(tuned)) if panel]
    fig, axes = _axes(len(panels), quick)
    for axis, panel in zip(axes, panels, strict=True):
        for place, (name, curves) in enumerate(panel.items()):
            width = max(1, len(curves[0]) // 10)
            smooth = [np.convolve(curve, np.ones(width) / width, "valid") for curve in curves]
            color = COLORS[place % len(COLORS)]
            axis.plot(np.arange(width, len(curves[0]) + 1), np.mean(smooth, axis=0), color=color, label=name)
        axis.set(xlabel="update", ylabel="training loss, smoothed", ylim=(0, None))
        axis.legend(fontsize="x-small")
    fig.savefig(file, dpi=80)
    fig.clear()


def _minilm_losses(runs: Sequence[Run]) -> dict[str, list[tuple[float, ...]]]:
    most = max((run.examples for run in runs), default=0)
    trained = [run for run in runs if run.trained and run.examples == most]
    return {
        f"MiniLM, {name}": [run.trained.losses for run in trained if run.name == name and run.trained]
        for name in unique([run.name for run in trained])
    }


def _smollm_losses(tuned: Sequence[TunedWords]) -> dict[str, list[tuple[float, ...]]]:
    most = max((run.examples for run in tuned), default=0)
    return {
        f"SmolLM2, {task}": [run.tuned.losses for run in tuned if (run.task, run.examples) == (task, most)]
        for task in unique([run.task for run in tuned])
    }


def _by_seed(runs: Sequence[Run], name: str, sizes: Sequence[int]) -> list[list[float]]:
    """(seeds, sizes)."""
    accuracy = {(run.seed, run.examples): run.accuracy for run in runs if run.name == name}
    seeds = sorted({seed for seed, _ in accuracy})
    return [[accuracy[seed, n] for n in sizes] for seed in seeds]


def _axes(columns: int, quick: bool):
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, columns, figsize=(1.4 + 4.6 * columns, 4.8), layout="constrained", squeeze=False)
    label(fig, quick)
    return fig, axes[0]


def _band(axis, x, curves, color: str, label: str) -> None:
    curves = np.array(curves)  # (seeds, points)
    axis.plot(x, curves.mean(0), color=color, label=label, marker="o", markersize=3)
    axis.fill_between(x, curves.min(0), curves.max(0), color=color, alpha=0.12, linewidth=0)


def _save(fig, axis, file: Path) -> None:
    handles, labels = axis.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3, fontsize="small")
    fig.savefig(file, dpi=80)
    fig.clear()
