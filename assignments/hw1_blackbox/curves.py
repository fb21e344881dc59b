"""The figure: how the accuracy and the loss went while each network was trained, a line a seed and their mean."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from quick_runs import label
from summary import Run, Setting, by_setting, least_loss

UNSEEN, KNOWN = "#0072B2", "#D55E00"


def figure(runs: list[Run], file: Path, quick: bool) -> None:
    """A column a setting. On top the accuracy on unseen and on training classes, below the loss of the steps."""
    import matplotlib

    matplotlib.use("Agg")  # writes files, needs no screen
    import matplotlib.pyplot as plt

    settings = by_setting(runs)
    fig, axes = plt.subplots(
        2,
        len(settings),
        figsize=(1.2 + 2.9 * len(settings), 5.6),
        height_ratios=[1.5, 1],
        sharex=True,
        squeeze=False,
        layout="constrained",
    )
    for (top, below), (setting, of_setting) in zip(axes.T, settings.items(), strict=True):
        steps = [at["step"] for at in of_setting[0].curve]
        for part, color, name in (("known", KNOWN, "training classes"), ("unseen", UNSEEN, "unseen classes")):
            accuracies = np.array([[at[part] for at in run.curve] for run in of_setting])  # (seeds, looks)
            top.plot(steps, accuracies.T, color=color, linewidth=0.7, alpha=0.5)
            top.plot(steps, accuracies.mean(0), color=color, linewidth=2, label=name)
        nearest = float(np.mean([run.nearest for run in of_setting]))
        top.axhline(nearest, color="0.2", linestyle="-.", linewidth=1, label="nearest neighbour in pixels")
        top.axhline(1 / setting.num_classes, color="0.5", linestyle=":", linewidth=1, label="chance")
        top.set(title=_title(setting), ylim=(0, 1.02))

        for run in of_setting:
            below.plot(*_smooth(run.losses), color="0.3", linewidth=0.7)
        below.axhline(np.log(setting.num_classes), color="0.5", linestyle=":", linewidth=1)
        below.axhline(least_loss(setting.num_classes), color="0.5", linestyle="--", linewidth=1)
        below.set(xlabel="step", ylim=(0, None))
    axes[0, 0].set_ylabel("accuracy on the query")
    axes[1, 0].set_ylabel("training loss\n(dotted: log N, dashed: least)", fontsize="small")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize="small")
    label(fig, quick)
    fig.savefig(file, dpi=80)
    plt.close(fig)


def _title(setting: Setting) -> str:
    order = "" if setting.shuffled else "\nquery in class order"
    return f"K = {setting.num_shots}, N = {setting.num_classes}, H = {setting.hidden_dim}{order}"


def _smooth(losses: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Means of at most 100 neighbouring groups of steps, and the middle of each group."""
    group = max(1, len(losses) // 100)
    kept = len(losses) // group * group
    return np.arange(kept).reshape(-1, group).mean(1), np.array(losses[:kept]).reshape(-1, group).mean(1)
