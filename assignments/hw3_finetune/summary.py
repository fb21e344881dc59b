"""From runs to tables: means over seeds with intervals, and differences within a seed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from classification import BASELINES, FROZEN, Trained
from in_context import Answers, Tuned
from intervals import interval, unique

ALL_TASKS = "mean over tasks"


@dataclass(frozen=True)
class Run:
    """One way of fine-tuning MiniLM, or a baseline, which has no `trained`, with one seed."""

    name: str
    examples: int
    seed: int
    accuracy: float
    trained: Trained | None = None


@dataclass(frozen=True)
class InContext:
    """SmolLM2 in context, on one word map with the examples of one seed."""

    task: str
    seed: int
    answers: Answers


@dataclass(frozen=True)
class TunedWords:
    """SmolLM2, fine-tuned on one word map with the examples of one seed."""

    task: str
    examples: int
    seed: int
    accuracy: float
    tuned: Tuned


def difference(values: Sequence[float]) -> str:
    """A difference within each seed, as the table has it."""
    return f"{interval(values)} (positive in {sum(value > 0 for value in values)} of {len(values)})"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), ""])


def heading(title: str, seeds: Sequence[int]) -> list[str]:
    over = f"Mean and 95 % interval over {len(seeds)} seed{'s' * (len(seeds) > 1)} ({', '.join(map(str, seeds))})."
    return [f"### {title}", "", over, ""]


# ---------------------------------------------------------------------------------------------------------------------
# MiniLM


def classification_table(runs: Sequence[Run], title: str) -> str:
    """Accuracy by number of examples, what each way costs, and below, differences within a seed."""
    sizes, names = sorted({run.examples for run in runs}), unique([run.name for run in runs])
    seeds = sorted({run.seed for run in runs})
    header = ["accuracy", *(f"{n} examples" for n in sizes), "parameters trained", "memory", "training"]
    rows = [
        [name, *(str(interval(accuracies(runs, name, n, seeds))) for n in sizes), *cost(runs, name, sizes[-1])]
        for name in names
    ]
    for one, other in comparisons(names):
        gains = [within_a_seed(runs, one, other, n, seeds) for n in sizes]
        rows.append([f"*{one} − {other}*", *map(difference, gains), "", "", ""])
    note = (
        "Memory beside the weights, counted: gradients and the optimiser's means + what the forward pass of the "
        f"largest batch keeps. Training: processor time with {sizes[-1]} examples."
    )
    return "\n".join([*heading(title, seeds), note, "", markdown(header, rows)])


def accuracies(runs: Sequence[Run], name: str, examples: int, seeds: Sequence[int]) -> list[float]:
    """Of one way, by seed."""
    by_seed = {run.seed: run.accuracy for run in runs if (run.name, run.examples) == (name, examples)}
    return [by_seed[seed] for seed in seeds]


def within_a_seed(runs: Sequence[Run], one: str, other: str, examples: int, seeds: Sequence[int]) -> list[float]:
    """`one` - `other`, seed by seed: both learned from the same texts and met the same test, so their luck cancels."""
    pairs = zip(accuracies(runs, one, examples, seeds), accuracies(runs, other, examples, seeds), strict=True)
    return [a - b for a, b in pairs]


def comparisons(names: Sequence[str]) -> list[tuple[str, str]]:
    """All weights against frozen features, every other way against all weights; without them, against the features."""
    ways = [name for name in names if name not in BASELINES]
    if not ways or FROZEN not in names:
        return []
    first = "all weights" if "all weights" in ways else FROZEN
    return [("all weights", FROZEN)] * (first in ways) + [(way, first) for way in ways if way != first]


def cost(runs: Sequence[Run], name: str, examples: int) -> list[str]:
    """Parameters, memory and time."""
    trained = [run.trained for run in runs if (run.name, run.examples) == (name, examples) and run.trained]
    if not trained:
        return ["", "", ""]
    one = trained[0]
    states, activations = (one.memory.gradients + one.memory.optimizer) / 1e6, one.memory.activations / 1e6
    seconds = float(np.mean([each.seconds for each in trained]))
    return [parameters(one), f"{states:.1f} + {activations:.1f} MB", f"{seconds:.0f} s"]


def parameters(trained: Trained | Tuned) -> str:
    return f"{trained.parameters:,} ({100 * trained.share:.3g} %)"


# ---------------------------------------------------------------------------------------------------------------------
# SmolLM2


def by_shots(runs: Sequence[InContext], task: str, shots: int) -> list[float]:
    """Accuracies by seed; without shots there is nothing to draw, and only the first seed has one."""
    found = [run.answers.by_shots for run in runs if run.task == task]
    return [accuracy[shots] for accuracy in found if shots in accuracy]


def tuned_on(tuned: Sequence[TunedWords], task: str, examples: int) -> list[float]:
    return [run.accuracy for run in tuned if (run.task, run.examples) == (task, examples)]


def over_tasks(of: Callable[[str], Sequence[float]], tasks: Sequence[str]) -> list[float]:
    """The mean over tasks, by seed."""
    return [float(np.mean(values)) for values in zip(*(of(task) for task in tasks), strict=True)]


def shots_table(runs: Sequence[InContext], tuned: Sequence[TunedWords], title: str) -> str:
    """Accuracy by number of shots, beside it that of fine-tuning; below, differences within a seed, of all tasks."""
    tasks, seeds = unique([run.task for run in runs]), sorted({run.seed for run in runs})
    shots = sorted({k for run in runs for k in run.answers.by_shots})
    sizes = sorted({run.examples for run in tuned})
    columns: list[Callable[[str], Sequence[float]]] = [
        *(lambda task, k=k: by_shots(runs, task, k) for k in shots),
        *(lambda task, n=n: tuned_on(tuned, task, n) for n in sizes),
    ]
    names = [*(f"{k} shot{'s' * (k != 1)}" for k in shots), *(f"fine-tuned on {n}" for n in sizes)]
    means = [over_tasks(column, tasks) for column in columns]
    rows = [[task, *(str(interval(column(task))) for column in columns)] for task in tasks]
    rows.append([f"**{ALL_TASKS}**", *(str(interval(mean)) for mean in means)])
    text = "\n".join([*heading(title, seeds), markdown(["accuracy", *names], rows)])
    of = dict(zip(names, means, strict=True))
    differences = [
        [
            f"{one} − {other}",
            difference([a - b for a, b in zip(of[one], repeated(of[other], len(of[one])), strict=True)]),
        ]
        for one, other in pairs_of(shots, sizes)
    ]
    return "\n".join([text, markdown(["within a seed", ALL_TASKS], differences), training_of(tuned)])


def pairs_of(shots: Sequence[int], sizes: Sequence[int]) -> list[tuple[str, str]]:
    """What is compared: most shots with fewer, and fine-tuning with most shots."""
    most = f"{shots[-1]} shots"
    pairs = [(most, f"{k} shot{'s' * (k != 1)}") for k in shots[:-1]]
    return pairs + [(f"fine-tuned on {n}", most) for n in sizes]


def repeated(values: Sequence[float], n: int) -> list[float]:
    """One value for all seeds where nothing was drawn."""
    return [*values] * n if len(values) == 1 else [*values]


def training_of(tuned: Sequence[TunedWords]) -> str:
    """One line on what fine-tuning costs."""
    if not tuned:
        return ""
    one, seconds = tuned[0].tuned, float(np.mean([run.tuned.seconds for run in tuned]))
    states, activations = (one.memory.gradients + one.memory.optimizer) / 1e6, one.memory.activations / 1e6
    return (
        f"Fine-tuning trains {parameters(one)} parameters, needs {states:.1f} + {activations:.1f} MB beside the "
        f"weights, and takes {seconds:.0f} s of processor time.\n"
    )


def variation_table(runs: Sequence[InContext], varied_shots: int, title: str) -> str:
    """The same examples in other wordings and other orders, and other examples."""
    tasks, seeds = unique([run.task for run in runs]), sorted({run.seed for run in runs})
    wordings = list(runs[0].answers.by_wording)
    orders = len(runs[0].answers.by_order)
    header = ["accuracy", *wordings, f"lowest and highest of {orders} orders", "deviation by order", "by examples"]
    rows = []
    for task in tasks:
        these = [run.answers for run in runs if run.task == task]
        worded = [str(interval([answers.by_wording[wording] for answers in these])) for wording in wordings]
        lowest, highest = (float(np.mean([pick(a.by_order) for a in these])) for pick in (min, max))
        by_order, by_examples = deviations([answers.by_order for answers in these])
        rows.append([task, *worded, f"{lowest:.3f} to {highest:.3f}", f"{by_order:.3f}", f"{by_examples:.3f}"])
    note = (
        f"All with {varied_shots} shots. Lowest and highest: mean over seeds. Deviation: the standard deviation of the "
        "accuracy between orders of the same examples, and between the examples of the seeds (means over the orders)."
    )
    return "\n".join([*heading(title, seeds), note, "", markdown(header, rows)])


def deviations(accuracies: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Of accuracies (seeds, orders): the deviation between orders within a seed, and between the means of seeds."""
    values = np.asarray(accuracies, dtype=float)
    by_order = math.sqrt(float(np.mean(values.var(axis=1, ddof=1))))
    by_seed = float(values.mean(axis=1).std(ddof=1)) if len(values) > 1 else math.nan
    return by_order, by_seed
