"""HW1, problem 6: how well does a network learn that learns by reading, with more shots, more classes, more memory?

    python experiment.py                           # four sizes of episode, 3 seeds
    python experiment.py --study memory            # three hidden sizes
    python experiment.py --study order             # a query that is not shuffled in training
    python experiment.py --data path/to/omniglot   # other characters: a folder in Omniglot's layout, or a .npz
    python experiment.py --quick                   # seconds, to see that everything runs; the numbers mean nothing

Trains your `MANN` with your `train` on episodes that your `EpisodeSampler` draws from the training alphabets; measures
it on alphabets that it has never seen, beside chance and the nearest neighbour in pixels; and writes a table, a figure
and all numbers to results/hw1. You need not change anything here, but read it, and `trial.py`, where a network is
trained: it is what your code is for.
"""

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

# ruff: noqa: E402  (the folders that homeworks share come before what imports from them)
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(place / name) for place in (HERE.parent, HERE) for name in ("characters", "experiments")]

import numpy as np
import torch
from characters import Characters, CharactersError, load_characters
from curves import figure
from quick_runs import labelled, with_folder
from running import end_with_parent, say
from summary import Run, Setting, table
from torch import Tensor
from trial import Schedule, Solution, load_solution, run_trial, shrunk

# ---------------------------------------------------------------------------------------------------------------------
# Settings. They were chosen by looking at the validation alphabets with seed 0, which is why the default seeds start at
# 1 and the default part is the test alphabets.

SCHEDULE = Schedule(steps=2000, batch_size=64, learning_rate=3e-3)
QUICK = Schedule(steps=20, batch_size=8, learning_rate=3e-3, looks=5, look_episodes=20, test_episodes=50)

STUDIES = {  # (K, N), H
    "shots": [Setting(1, 2, 128), Setting(2, 2, 128), Setting(1, 3, 128), Setting(1, 4, 128)],
    "memory": [Setting(1, 3, 8), Setting(1, 3, 32), Setting(1, 3, 128)],
    "order": [Setting(1, 3, 128, shuffled=False)],
}
STEPS = {"order": 200}  # where that is more than enough

# ---------------------------------------------------------------------------------------------------------------------
# The classes


def known_and_unseen(
    solution: Solution, data: Path | None, split: str, part: str, side: int
) -> tuple[list[Tensor], list[Tensor]]:
    """The classes to train on and those to be measured on: a (20, side^2) tensor of each.

    Of each pixel its mean over the training classes is taken off, so that the first steps of training are not spent on
    what all images have in common.
    """
    characters = load_characters(data)
    parts = characters.split()
    if split == "classes":
        parts = split_by_class(solution, characters, {name: len(of.names) for name, of in parts.items()})
    known, unseen = shrunk(parts["train"], side), shrunk(parts[part], side)
    mean = torch.cat(known).mean(dim=0)  # (side^2,)
    return [images - mean for images in known], [images - mean for images in unseen]


def split_by_class(solution: Solution, characters: Characters, sizes: dict[str, int]) -> dict[str, Characters]:
    """Parts of these sizes by your `split_classes`, which takes no notice of alphabets."""
    rows = list(range(len(characters.names)))
    parts = solution.episodes.split_classes(rows, list(sizes.values()), torch.Generator().manual_seed(0))
    names = np.array(characters.names)
    return {name: Characters(characters.images[of], tuple(names[of])) for name, of in zip(sizes, parts, strict=True)}


# ---------------------------------------------------------------------------------------------------------------------
# Many runs, two at a time


@cache
def prepared(
    solution: Path, data: Path | None, split: str, part: str, side: int
) -> tuple[Solution, list[Tensor], list[Tensor]]:
    """What a process needs for its runs, made once: your modules, known classes, unseen classes."""
    # A network as small as this is best left alone on a core.
    torch.set_num_threads(1)
    modules = load_solution(solution)
    return modules, *known_and_unseen(modules, data, split, part, side)


def work(source: tuple[Path, Path | None, str, str, int], setting: Setting, schedule: Schedule, seed: int) -> Run:
    """One run, in a process of the pool."""
    return run_trial(*prepared(*source), setting, schedule, seed)


def all_runs(
    options: argparse.Namespace, schedule: Schedule, jobs: list[tuple[Setting, int]], solution: Solution | None
) -> Iterator[Run]:
    """The run of each job as they finish. A `solution` that lives in a notebook cannot be sent to another process."""
    if solution:
        torch.set_num_threads(1)
        classes = known_and_unseen(solution, options.data, options.split, options.part, schedule.side)
        yield from (run_trial(solution, *classes, setting, schedule, seed) for setting, seed in jobs)
        return
    source = (options.solution, options.data, options.split, options.part, schedule.side)
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        runs = [pool.submit(work, source, setting, schedule, seed) for setting, seed in jobs]
        try:
            for run in runs:
                yield run.result()
        finally:
            pool.shutdown(cancel_futures=True)


# ---------------------------------------------------------------------------------------------------------------------
# The command


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", choices=list(STUDIES), default="shots", help="what is varied")
    parser.add_argument("--data", default="shipped", help='"shipped", a folder in Omniglot\'s layout, or a .npz')
    parser.add_argument(
        "--split", choices=["alphabets", "classes"], default="alphabets", help="what is in one part only"
    )
    parser.add_argument("--part", choices=["test", "validation"], default="test", help="which classes are the unseen")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--episodes", nargs="+", metavar="K,N", help="such as 5,3: in place of the study's")
    parser.add_argument("--hidden", type=int, nargs="+", metavar="H", help="hidden sizes in place of the study's")
    parser.add_argument("--steps", type=int, help="in place of the default; so are the next three")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--side", type=int, choices=[7, 14, 28], help="pixels a side to which images are shrunk")
    parser.add_argument("--workers", type=int, default=2, help="runs at a time, one core each")
    parser.add_argument("--quick", action="store_true", help="20 steps, 2 seeds")
    parser.add_argument("--solution", type=Path, default=HERE, help="another folder with the two modules")
    parser.add_argument("--out", type=Path, help="folder for the results (default: results/hw1)")
    options = with_folder(parser.parse_args(argv), Path("results", "hw1"), parser)
    options.data = None if options.data == "shipped" else Path(options.data)
    return options


def crossed(settings: list[Setting], sizes: list[tuple[int, ...]], hidden_dims: list[int] | None) -> list[Setting]:
    """The settings of a study, with these sizes (K, N) of an episode and these hidden sizes where some are given."""
    if sizes:
        given = dict.fromkeys(replace(setting, num_shots=0, num_classes=0) for setting in settings)
        settings = [replace(one, num_shots=k, num_classes=n) for k, n in sizes for one in given]
    if hidden_dims:
        given = dict.fromkeys(replace(setting, hidden_dim=0) for setting in settings)
        settings = [replace(one, hidden_dim=hidden) for one in given for hidden in hidden_dims]
    return list(dict.fromkeys(settings))


def write(runs: list[Run], schedule: Schedule, options: argparse.Namespace) -> None:
    """The table, the numbers and the figure of these runs."""
    options.out.mkdir(parents=True, exist_ok=True)
    numbers = {"quick": options.quick, "schedule": asdict(schedule), "runs": [asdict(run) for run in runs]}
    (options.out / f"{options.study}.md").write_text(labelled(table(runs), options.quick), encoding="utf-8")
    (options.out / f"{options.study}.json").write_text(json.dumps(numbers), encoding="utf-8")
    figure(runs, options.out / f"{options.study}.png", options.quick)


def main(argv: list[str] | None = None, solution: Solution | None = None) -> int:
    """The whole experiment, with the modules of `solution` or, without it, of the folder that --solution names."""
    options = arguments(argv)
    schedule, seeds, settings = SCHEDULE, options.seeds, STUDIES[options.study]
    schedule = replace(schedule, steps=STEPS.get(options.study, schedule.steps))
    if options.quick:
        schedule, seeds = QUICK, seeds[:2]
    chosen = {name: getattr(options, name) for name in ("steps", "batch_size", "learning_rate", "side")}
    schedule = replace(schedule, **{name: value for name, value in chosen.items() if value is not None})
    sizes = [tuple(map(int, size.split(","))) for size in options.episodes or ()]
    settings = crossed(settings, sizes, options.hidden)

    if importlib.util.find_spec("matplotlib") is None:
        say("The figure needs matplotlib. Run\n\n    python -m pip install matplotlib\n")
        return 1
    runs: list[Run] = []
    try:
        jobs = [(setting, seed) for seed in seeds for setting in settings]
        for run in all_runs(options, schedule, jobs, solution):
            runs.append(run)
            if len(runs) % len(settings) == 0:  # a seed is complete: whoever stops here keeps what there is
                write(runs, schedule, options)
            say(f"seed {run.seed}, {run.setting}: {run.accuracy:.3f} on unseen classes, nearest neighbour "
                f"{run.nearest:.3f}, {run.seconds:.0f} s")  # fmt: skip
    except NotImplementedError as error:
        say(f"Not implemented yet: {error}. The experiment needs problems 1 to 5.")
        return 1
    except (CharactersError, FileNotFoundError) as error:
        say(str(error))
        return 1

    print(labelled(table(runs), options.quick))
    say(f"Written to {options.out}: {options.study}.md, {options.study}.json, {options.study}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
