"""From runs to something one can look at: means with intervals over seeds, a table, a figure."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Weights = tuple[float, float]
PLANTED_TRUTH = "the planted truth"


@dataclass(frozen=True)
class Run:
    """One trained network, or one baseline: that has no `shared` and `weights`, and may lack one of the metrics."""

    name: str
    world: str  # which data
    seed: int
    mse: float | None  # of the test ratings, lower is better
    mrr: float | None  # of the test items, higher is better
    shared: bool | None = None
    weights: Weights | None = None
    curve: tuple[dict[str, float], ...] = ()  # per epoch: the training losses, and the MSE on the test part
    seconds: float = 0.0


# Student's t: how many standard errors make a 95 % interval, by degrees of freedom.
T_95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26}


@dataclass(frozen=True)
class Interval:
    """A mean over seeds and the half-width of its 95 % interval (NaN with one seed, which says nothing of spread)."""

    mean: float
    half_width: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.half_width:.3f}" if self.n > 1 else f"{self.mean:.3f}"


def interval(values: list[float]) -> Interval:
    n = len(values)
    half_width = T_95.get(n - 1, 2.23) * float(np.std(values, ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    return Interval(float(np.mean(values)), half_width, n)


def unique(values: list) -> list:
    return list(dict.fromkeys(values))  # in the order in which they first came


def measured(runs: list[Run], name: str, metric: str) -> list[float]:
    """`mse` or `mrr` of one row of the table, a number per seed."""
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
        lines += ["| | rating error (MSE), lower is better | MRR, higher is better |", "|---|---|---|"]
        for name in unique([run.name for run in here]):
            cells = [measured(here, name, metric) for metric in ("mse", "mrr")]
            lines.append(f"| {name} | " + " | ".join(str(interval(cell)) if cell else "" for cell in cells) + " |")
        for weights in unique([run.weights for run in here if run.weights]):
            mse, mrr = (sharing_gain(here, weights, metric) for metric in ("mse", "mrr"))
            better = f"better in {sum(gain < 0 for gain in mse)} of {len(mse)}"
            lines.append(f"| *shared − separate* {weights} | {interval(mse)} ({better}) | {interval(mrr)} |")
        lines.append("")
    return "\n".join(lines)


def figure(runs: list[Run], file: Path) -> None:
    """One column per world. Above: the rating error as training goes on, mean and range over seeds. Below: the MRR."""
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    worlds = unique([run.world for run in runs])
    networks = unique([run.name for run in runs if run.weights])
    fig, axes = plt.subplots(
        2, len(worlds), figsize=(1.6 + 3.6 * len(worlds), 6.6), squeeze=False, layout="constrained"
    )
    for (top, bottom), world in zip(axes.T, worlds, strict=True):
        here = [run for run in runs if run.world == world]
        for row, name in enumerate(networks):
            of_name = [run for run in here if run.name == name]
            shared, (w_interaction, w_rating) = of_name[0].shared, of_name[0].weights
            color, equal = "#0072B2" if shared else "#D55E00", w_interaction == w_rating
            curves = np.array([[at["test_mse"] for at in run.curve] for run in of_name])  # (seeds, epochs)
            epochs = np.arange(1, curves.shape[1] + 1)
            top.plot(epochs, curves.mean(0), "--" if equal else "-", color=color, label=name)
            top.fill_between(epochs, curves.min(0), curves.max(0), color=color, alpha=0.12, linewidth=0)
            mrr = interval(measured(here, name, "mrr"))
            bottom.errorbar(mrr.mean, row, xerr=mrr.half_width, fmt="s" if equal else "o", color=color, capsize=3)
        for name, color, line in (
            ("constant", "0.6", ":"),
            ("user + item bias", "0.3", "-."),
            (PLANTED_TRUTH, "0", ":"),
        ):
            if values := measured(here, name, "mse"):
                top.axhline(np.mean(values), color=color, linestyle=line, linewidth=1, label=name)
        top.set(title=world, xlabel="epoch", ylabel="test rating error (MSE)", ylim=(0, None))
        bottom.axvline(np.mean(measured(here, "popularity / item mean", "mrr")), color="0.3", linestyle=":")
        bottom.set(xlabel="test MRR (dotted: popularity)", xlim=(0, None), ylim=(len(networks) - 0.5, -0.5))
        bottom.set_yticks(range(len(networks)), networks if world == worlds[0] else [])
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize="small")
    fig.savefig(file, dpi=90)
    plt.close(fig)
