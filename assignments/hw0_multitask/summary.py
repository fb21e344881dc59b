"""From runs to something one can look at: means with intervals over seeds, a table, a figure."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from intervals import interval, unique
from quick_runs import label

Weights = tuple[float, float]
PLANTED_TRUTH = "the planted truth"
POPULARITY = "popularity / item mean"
METRICS = {  # attribute of a run -> how it is called in the table
    "mse": "rating error (MSE), lower is better",
    "mse_unchosen": "MSE on pairs never chosen",
    "mrr": "MRR, higher is better",
}


@dataclass(frozen=True)
class Run:
    """One trained network, or one baseline: that has no `shared` and `weights`, and may lack one of the metrics."""

    name: str
    world: str  # which data
    seed: int
    mse: float  # of the test ratings
    mse_unchosen: float | None  # of the pairs that nobody observed; planted data only
    mrr: float | None  # of the test items
    shared: bool | None = None
    weights: Weights | None = None
    curve: tuple[dict[str, float], ...] = ()  # per epoch: the training losses, and the MSE on the test part
    seconds: float = 0.0


def measured(runs: list[Run], name: str, metric: str) -> list[float]:
    """One metric of one network or baseline, a number per seed."""
    values = [getattr(run, metric) for run in runs if run.name == name]
    return [value for value in values if value is not None]


def sharing_gain(runs: list[Run], weights: Weights, metric: str) -> list[float]:
    """Shared minus separate, seed by seed: both were trained on the same split, so the luck of the split cancels."""
    by_seed = {(run.seed, run.shared): getattr(run, metric) for run in runs if run.weights == weights}
    return [by_seed[seed, True] - by_seed[seed, False] for seed in unique([run.seed for run in runs])]


def table(runs: list[Run]) -> str:
    """Markdown, one table per world: mean and 95 % interval over seeds; the paired differences are the last rows."""
    lines = []
    for world in unique([run.world for run in runs]):
        here = [run for run in runs if run.world == world]
        seeds = unique([run.seed for run in here])
        lines += [
            f"### {world}",
            "",
            f"Mean and 95 % interval over {len(seeds)} seeds: {', '.join(map(str, seeds))}.",
            "",
        ]
        metrics = [metric for metric in METRICS if any(getattr(run, metric) is not None for run in here)]
        lines += ["| | " + " | ".join(METRICS[metric] for metric in metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
        for name in unique([run.name for run in here]):
            cells = [measured(here, name, metric) for metric in metrics]
            lines.append(f"| {name} | " + " | ".join(str(interval(cell)) if cell else "" for cell in cells) + " |")
        for weights in unique([run.weights for run in here if run.weights]):
            gains = [sharing_gain(here, weights, metric) for metric in metrics]
            cells = [f"{interval(gain)} (negative in {sum(g < 0 for g in gain)} of {len(gain)})" for gain in gains]
            lines.append(f"| *shared − separate* {weights} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def figure(runs: list[Run], file: Path, quick: bool) -> None:
    """One column per world. On top the rating error as training goes on, mean and range over seeds; below, where each
    metric ended, mean and 95 % interval.
    """
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    worlds, networks = unique([run.world for run in runs]), unique([run.name for run in runs if run.weights])
    weights = unique([run.weights for run in runs if run.weights])
    below = [metric for metric in ("mse_unchosen", "mrr") if any(getattr(run, metric) is not None for run in runs)]
    fig, axes = plt.subplots(
        1 + len(below),
        len(worlds),
        figsize=(2.0 + 3.6 * len(worlds), 4.2 + 2.0 * len(below)),
        height_ratios=[1.6] + [1.0] * len(below),
        squeeze=False,
        layout="constrained",
    )
    for column, world in zip(axes.T, worlds, strict=True):
        here = [run for run in runs if run.world == world]
        top = column[0]
        for row, name in enumerate(networks):
            of_name = [run for run in here if run.name == name]
            color = "#0072B2" if of_name[0].shared else "#D55E00"
            first = of_name[0].weights == weights[0]
            curves = np.array([[at["test_mse"] for at in run.curve] for run in of_name])  # (seeds, epochs)
            epochs = np.arange(1, curves.shape[1] + 1)
            top.plot(epochs, curves.mean(0), "-" if first else "--", color=color, label=name)
            top.fill_between(epochs, curves.min(0), curves.max(0), color=color, alpha=0.12, linewidth=0)
            for axis, metric in zip(column[1:], below, strict=True):
                end = interval(measured(here, name, metric))
                axis.errorbar(end.mean, row, xerr=end.half_width, fmt="o" if first else "s", color=color, capsize=3)
        for name, color, line in (
            ("constant", "0.6", ":"),
            ("user + item bias", "0.3", "-."),
            (PLANTED_TRUTH, "0", ":"),
        ):
            if values := measured(here, name, "mse"):
                top.axhline(np.mean(values), color=color, linestyle=line, linewidth=1, label=name)
        top.set(title=world, xlabel="epoch", ylabel="test rating error (MSE)")
        top.xaxis.get_major_locator().set_params(integer=True)
        for axis, metric in zip(column[1:], below, strict=True):
            axis.axvline(np.mean(measured(here, POPULARITY, metric)), color="0.3", linestyle=":")
            baseline = "popularity" if metric == "mrr" else "item mean"
            axis.set_xlabel(f"{METRICS[metric].partition(',')[0]} (dotted: {baseline})", fontsize="small")
            axis.set(xlim=(0, None), ylim=(len(networks) - 0.5, -0.5))  # the first network on top
            axis.locator_params(axis="x", nbins=5)
            axis.set_yticks(range(len(networks)), networks if world == worlds[0] else [])
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize="small")
    label(fig, quick)
    fig.savefig(file, dpi=90)
    plt.close(fig)
