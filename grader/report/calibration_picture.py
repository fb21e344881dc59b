"""The picture of one metric: what right and wrong solutions reach, a trivial solution, and the bound."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from grader.judge.calibration import CheckCalibration, Metric, Values
from grader.proof.calibrate import seen_as
from grader.proof.tails import Scale

RIGHT, ALTERNATIVE, GREY, BOUND = "#1b6ca8", "#7fb2d8", "#8a8a8a", "#c1272d"
COLOURS = {"apart": "#5b8c3a", "overlaps": "#d98014", "unseen": "#8a5aa8"}
WORDS = {
    "apart": "told apart by this check, in this metric or another",
    "overlaps": "overlaps with right solutions",
    "unseen": "not seen by this check",
}
SHARES = (1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
GAP = 0.05  # of the axis, between two ticks
FAR = 1.0  # width of what matters, to each side; a value beyond it is drawn at the edge


def picture(name: str, metric: Metric, check: CheckCalibration) -> bytes:
    """A PNG: right solutions as a histogram, and below it each mutant as a strip of its runs."""
    order = ("overlaps", "unseen", "apart")
    wrong = sorted(
        metric.wrong, key=lambda who: (order.index(seen_as(check.caught[who])), -_middle(metric.wrong[who]), who)
    )
    height = 2.4 + 0.17 * len(wrong)
    figure = Figure(figsize=(9.5, height + 0.8), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, max(0.17 * len(wrong), 0.5)))
    low, high = _limits(metric)
    _right(above, metric, low, high)
    _wrong(below, metric, check, wrong, low, high)
    for axes in (above, below):
        axes.axvline(metric.bound, color=BOUND, linewidth=1.4)
        if metric.baseline:
            came = [value for value in metric.baseline if value is not None]
            axes.axvspan(min(came), max(came), color=GREY, alpha=0.18, linewidth=0)
            axes.axvline(float(np.median(came)), color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        axes.spines[["top", "right"]].set_visible(False)
    side = "≥" if metric.better == "more" else "≤"
    above.set_title(
        "\n".join(textwrap.wrap(f"{name}: right solutions reach {side} {metric.bound:.4g}", 90)),
        loc="left",
        fontsize=11,
    )
    if metric.within == "0 or more":
        below.set_xscale("log")
    elif metric.within == "0 to 1":
        below.set_xscale("logit")
    below.set_xlim(low, high)
    if metric.within != "any number":
        below.xaxis.set_major_locator(FixedLocator(_ticks(metric, low, high)))
        below.xaxis.set_minor_locator(NullLocator())
        below.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    below.set_xlabel(name, fontsize=9)
    _legend(figure, metric, {seen_as(check.caught[who]) for who in wrong})
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=110, metadata={"Software": None})
    return out.getvalue()


def _limits(metric: Metric) -> tuple[float, float]:
    """The part of the axis that is shown: right values, baseline and bound, and wrong values that are not too far."""
    scale = Scale.of(_finite(metric.right, metric.wrong), "more", metric.within)
    matters = scale.to([*_finite(metric.right), *(v for v in metric.baseline if v is not None), metric.bound])
    others = scale.to(_finite(metric.wrong) or [metric.bound])
    width = float(np.ptp(matters)) * FAR
    low = min(matters.min(), max(others.min(), matters.min() - width))
    high = max(matters.max(), min(others.max(), matters.max() + width))
    margin = 0.03 * (high - low)
    return scale.back(float(low - margin)), scale.back(float(high + margin))


def _ticks(metric: Metric, low: float, high: float) -> list[float]:
    """Round numbers on the axis, not too close to each other."""
    scale = Scale("more", metric.within, 1e-12)
    decades = [digit * 10.0**power for power in range(-12, 13) for digit in (1, 2, 5)]
    candidates = SHARES if metric.within == "0 to 1" else decades
    taken: list[float] = []
    first, last = (float(x) for x in scale.to([low, high]))
    for value in (value for value in candidates if low <= value <= high):
        if not taken or float(scale.to([value])[0] - scale.to([taken[-1]])[0]) > GAP * (last - first):
            taken.append(value)
    return taken


def _right(axes: Axes, metric: Metric, low: float, high: float) -> None:
    """The reference in front of all right solutions together."""
    scale = Scale.of(_finite(metric.right, metric.wrong), "more", metric.within)
    first, last = (float(x) for x in scale.to([low, high]))
    cells = [scale.back(float(x)) for x in np.linspace(first, last, 81)]
    axes.hist(_finite(metric.right), bins=cells, color=ALTERNATIVE, label="all")
    axes.hist(_finite({"reference": metric.right["reference"]}), bins=cells, color=RIGHT)
    axes.set_ylabel("runs", fontsize=9)
    axes.tick_params(labelsize=8, labelbottom=False)


def _wrong(axes: Axes, metric: Metric, check: CheckCalibration, wrong: Sequence[str], low: float, high: float) -> None:
    """A row a mutant, a mark a run; arrows point to what is outside, crosses are values that are no finite numbers."""
    rng = np.random.default_rng(0)
    for row, who in enumerate(wrong):
        colour = COLOURS[seen_as(check.caught[who])]
        values = np.array([value for value in metric.wrong[who] if value is not None])
        heights = row + rng.uniform(-0.28, 0.28, len(values))
        inside = (values >= low) & (values <= high)
        axes.scatter(values[inside], heights[inside], s=7, color=colour, alpha=0.65, linewidth=0)
        for side, edge, marker in ((values < low, low, "<"), (values > high, high, ">")):
            if side.any():
                axes.plot([edge], [row], marker, color=colour, markersize=5, clip_on=False)
        if len(values) < len(metric.wrong[who]):
            worse = low if metric.better == "more" else high
            axes.plot([worse], [row], "x", color=colour, markersize=5, clip_on=False)
    axes.set_yticks(range(len(wrong)), wrong, fontsize=7)
    axes.set_ylim(len(wrong) - 0.4, -0.6)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(axis="y", color="#eeeeee", linewidth=0.8)
    axes.set_axisbelow(True)


def _legend(figure: Figure, metric: Metric, kinds: set[str]) -> None:
    entries: list[Artist] = [Patch(color=RIGHT), Patch(color=ALTERNATIVE), Line2D([], [], color=BOUND)]
    labels = ["reference", "alternatives, stacked behind it", "bound"]
    if metric.baseline:
        entries.append(Line2D([], [], color=GREY, linestyle=(0, (4, 3))))
        labels.append("trivial solution")
    for kind in COLOURS:
        if kind in kinds:
            entries.append(Line2D([], [], color=COLOURS[kind], marker="o", linestyle="", markersize=4))
            labels.append(f"mutant, {WORDS[kind]}")
    figure.legend(entries, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)


def _middle(values: Values) -> float:
    finite = [value for value in values if value is not None]
    return float(np.median(finite)) if finite else 0.0


def _finite(*groups: Mapping[str, Values]) -> list[float]:
    return [value for group in groups for came in group.values() for value in came if value is not None]
