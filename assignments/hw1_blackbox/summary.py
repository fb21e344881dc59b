"""From runs to something one can read: means with intervals over episodes and over seeds, and tables in Markdown."""

import math
from dataclasses import dataclass

import numpy as np
from intervals import Interval, interval, standard_error


@dataclass(frozen=True)
class Setting:
    """What one network is: N-way K-shot episodes, H hidden units, and whether its queries are shuffled in training."""

    num_shots: int
    num_classes: int
    hidden_dim: int
    shuffled: bool = True

    @property
    def episode(self) -> str:
        return f"({self.num_shots}, {self.num_classes})"

    def __str__(self) -> str:
        order = "" if self.shuffled else ", query in class order"
        return f"(K, N) = {self.episode}, H = {self.hidden_dim}{order}"


@dataclass(frozen=True)
class Run:
    """One trained network, and the nearest neighbour in pixels on the same episodes of unseen classes."""

    setting: Setting
    seed: int
    hits: tuple[float, ...]  # accuracy in each episode of unseen classes
    by_position: tuple[float, ...]  # accuracy at the query's first, second, ... image
    nearest: float  # the nearest neighbour's accuracy
    known: float  # the network's accuracy on new episodes of the training classes
    sorted_query: float | None  # its accuracy on unseen classes when the query is in class order; only if trained so
    losses: tuple[float, ...]  # of each training step
    curve: tuple[dict[str, float], ...]  # {"step", "unseen", "known"} every now and then
    seconds: float

    @property
    def accuracy(self) -> float:
        return float(np.mean(self.hits))


def over_episodes(hits: tuple[float, ...]) -> Interval:
    """Mean and interval of the accuracies in many episodes, for one trained network: 1.96 standard errors."""
    return Interval(float(np.mean(hits)), 1.96 * standard_error(hits))


def least_loss(num_classes: int) -> float:
    """The smallest cross-entropy of logits between -1 and 1: the right one at 1, the others at -1."""
    return math.log(1 + (num_classes - 1) * math.exp(-2))


def by_setting(runs: list[Run]) -> dict[Setting, list[Run]]:
    """The runs of each setting, in the order in which settings first came."""
    groups: dict[Setting, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.setting, []).append(run)
    return groups


def table(runs: list[Run]) -> str:
    """Markdown: accuracies with chance and nearest neighbour beside them; then by the position in the query."""
    seeds = sorted({run.seed for run in runs})
    unshuffled = [run for run in runs if run.sorted_query is not None]
    head = ["(K, N)", "H", "chance", "nearest neighbour", "network, unseen classes", "network − nearest neighbour",
            "network, training classes", "± over episodes, one network"]  # fmt: skip
    if unshuffled:
        head[1:1] = ["query in training"]
        head[-1:] = ["unseen classes, query in class order"]
    lines = [f"Accuracy on the query, mean and 95 % interval over {len(seeds)} seeds: {', '.join(map(str, seeds))}.",
             "", _row(head), _row(["---"] * len(head))]  # fmt: skip
    for setting, of_setting in by_setting(runs).items():
        cells = [
            setting.episode,
            str(setting.hidden_dim),
            f"{1 / setting.num_classes:.3f}",
            f"{np.mean([run.nearest for run in of_setting]):.3f}",
            str(interval([run.accuracy for run in of_setting])),
            str(interval([run.accuracy - run.nearest for run in of_setting])),
            str(interval([run.known for run in of_setting])),
            f"{np.mean([over_episodes(run.hits).half_width for run in of_setting]):.3f}",
        ]
        if unshuffled:
            cells[1:1] = ["shuffled" if setting.shuffled else "class order"]
            in_order = [run.sorted_query for run in of_setting if run.sorted_query is not None]
            cells[-1:] = [str(interval(in_order))]
        lines.append(_row(cells))
    return "\n".join([*lines, "", *_by_position(runs), ""])


def _by_position(runs: list[Run]) -> list[str]:
    widest = max(run.setting.num_classes for run in runs)
    head = ["(K, N)", "H", *(f"position {n}" for n in range(widest))]
    lines = ["Accuracy on unseen classes by the position in the query row, mean over seeds.", "", _row(head),
             _row(["---"] * len(head))]  # fmt: skip
    for setting, of_setting in by_setting(runs).items():
        means = np.mean([run.by_position for run in of_setting], axis=0)
        cells = [f"{mean:.3f}" for mean in means] + [""] * (widest - len(means))
        lines.append(_row([setting.episode, str(setting.hidden_dim), *cells]))
    return lines


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
