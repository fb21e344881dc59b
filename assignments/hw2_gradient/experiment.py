"""HW2, problem 6: two ways to learn a new class from one drawing, and what inner rate, steps and shots change.

    python experiment.py                            # the shipped characters, about 4 minutes on two cores
    python experiment.py --data omniglot            # a folder or .npz of the real Omniglot, where you have it
    python experiment.py --quick                    # a few seconds, to see that all runs; the numbers mean nothing
    python experiment.py --learners maml:0.1:2 --out results/mine   # what you want to know yourself

Trains prototypical networks with your `protonet.py` and MAML with your `maml.py`, once per seed, on the characters of
some alphabets; tests them on characters of others; compares all with two baselines; and writes tables, two figures and
all numbers to results/hw2. You need not change anything here, but read it, and `learners.py`: it is what your code is
for.
"""

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(place / name) for place in (HERE.parent, HERE) for name in ("characters", "experiments")]

import torch  # noqa: E402
from baselines import chance, pixel_accuracies  # noqa: E402
from characters import CharactersError, load_characters  # noqa: E402
from episodes import halved  # noqa: E402
from learners import Learner, Settings, learner, tasks_of, train_maml, train_protonet  # noqa: E402
from quick_runs import labelled, with_folder  # noqa: E402
from running import end_with_parent, load_modules, say  # noqa: E402
from summary import CHANCE, PIXELS, Run, at_test_time, curves, rates_table, table  # noqa: E402

LEARNERS = (
    "protonet:1",
    "protonet:5",
    "maml:0.4:1",
    "maml:0.04:1",
    "maml:0.04:1:learned",
    "maml:0.4:5",
    "maml:0.04:5",
)
MODULES = ("protonet", "maml")
QUICK_LEARNERS = ("protonet:1", "maml:0.4:1", "maml:0.04:2", "maml:0.04:2:learned")

# ---------------------------------------------------------------------------------------------------------------------
# One run


@dataclass(frozen=True)
class Job:
    """One learner with one seed: all that a process of its own needs to know."""

    learner: Learner
    seed: int
    settings: Settings
    data: Path | None


def run(job: Job, modules: dict[str, ModuleType]) -> Run:
    torch.set_num_threads(1)  # these networks are so small that threads would wait for each other more than they work
    tasks = tasks_of(images(job.data), job.settings, job.seed)
    if job.learner.inner_lr is None:
        trained = train_protonet(modules["protonet"], modules["maml"], job.learner, tasks, job.settings, job.seed)
    else:
        trained = train_maml(modules["maml"], job.learner, tasks, job.settings, job.seed)
    return Run(job.learner.name, job.seed, trained.by_shots, job.learner, trained)


def run_here(job: Job, solution: Path) -> Run:
    """In a process that knows nothing yet."""
    return run(job, load_modules(solution, MODULES))


def run_baselines(maml: ModuleType, data: Path | None, settings: Settings, seed: int) -> list[Run]:
    """Baselines, on the same test tasks as the learners."""
    tasks = tasks_of(images(data), settings, seed).test
    of_pixels = {shots: maml.mean_and_interval(pixel_accuracies(of)) for shots, of in tasks.items()}
    pixels = {shots: (float(mean), float(half_width)) for shots, (mean, half_width) in of_pixels.items()}
    return [Run(CHANCE, seed, dict.fromkeys(tasks, (chance(settings.num_classes), 0.0))), Run(PIXELS, seed, pixels)]


def images(data: Path | None) -> dict[str, torch.Tensor]:
    """The images (C, 20, 14, 14) float32 of the train, validation and test alphabets."""
    return {part: halved(of.images) for part, of in load_characters(data).split().items()}


def results(jobs: Sequence[Job], modules: dict[str, ModuleType] | None, solution: Path, workers: int) -> Iterator[Run]:
    """The run of each job, in the order of `jobs`, in processes of their own unless `modules` are in memory."""
    if modules is not None or workers == 1:
        modules = modules or load_modules(solution, MODULES)
        yield from (run(job, modules) for job in jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        try:
            yield from pool.map(partial(run_here, solution=solution), jobs)
        except BaseException:
            pool.shutdown(cancel_futures=True)  # do not begin what nobody will read
            raise


# ---------------------------------------------------------------------------------------------------------------------
# The command


def data_source(text: str) -> Path | None:
    return None if text == "shipped" else Path(text)


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_source, help='"shipped", or a folder or .npz of Omniglot')
    parser.add_argument(
        "--learners", type=learner, nargs="+", help="such as protonet:1, maml:0.4:5, maml:0.1:1:learned"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="which, such as 1 2 3")
    parser.add_argument("--updates", type=int, help="of each learner's training, in place of the settings'")
    parser.add_argument("--outer-lr", type=float, help="of MAML, in place of the settings'")
    parser.add_argument("--quick", action="store_true", help="tiny networks, few updates, 2 seeds")
    parser.add_argument("--workers", type=int, default=2, help="processes at the same time; one core each")
    parser.add_argument("--solution", type=Path, default=HERE, help="another folder with protonet.py and maml.py")
    parser.add_argument("--out", type=Path, help="folder for the results (default: results/hw2)")
    return with_folder(parser.parse_args(argv), Path("results", "hw2"), parser)


def main(argv: list[str] | None = None, modules: dict[str, ModuleType] | None = None) -> int:
    """The whole experiment, with the functions of `modules` or, without them, of the folder that --solution names."""
    options = arguments(argv)
    settings = Settings().quick() if options.quick else Settings()
    seeds = options.seeds[:2] if options.quick else options.seeds
    learners = options.learners or [learner(text) for text in (QUICK_LEARNERS if options.quick else LEARNERS)]
    if options.updates:
        settings = replace(settings, maml_updates=options.updates, protonet_updates=options.updates)
    if options.outer_lr:
        settings = replace(settings, maml_outer_lr=options.outer_lr)

    if importlib.util.find_spec("matplotlib") is None:
        say("The figures need matplotlib. Run\n\n    python -m pip install matplotlib\n")
        return 1
    jobs = [Job(learner, seed, settings, options.data) for learner, seed in product(learners, seeds)]
    try:
        maml = (modules or load_modules(options.solution, MODULES))["maml"]
        runs = [run for seed in seeds for run in run_baselines(maml, options.data, settings, seed)]
        for one in results(jobs, modules, options.solution, options.workers):
            runs.append(one)
            accuracy, half_width = one.by_shots[1]
            assert one.trained is not None
            say(f"seed {one.seed}, {one.name}: 1 shot {accuracy:.3f} ± {half_width:.3f}, {one.trained.seconds:.0f} s")
    except NotImplementedError as error:
        say(f"Not implemented yet: {error}. The experiment needs problems 1 to 5.")
        return 1
    except (CharactersError, FileNotFoundError) as error:
        say(str(error))
        return 1

    options.out.mkdir(parents=True, exist_ok=True)
    where = "the shipped characters" if options.data is None else f"characters of {options.data.name}"
    text = "\n".join(filter(None, [table(runs, f"{settings.num_classes} classes, {where}"), rates_table(runs)]))
    text = labelled(text, options.quick)
    numbers = {
        "quick": options.quick,
        "settings": asdict(settings),
        "seeds": seeds,
        "runs": [asdict(run) for run in runs],
    }
    (options.out / "table.md").write_text(text, encoding="utf-8")
    (options.out / "numbers.json").write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    curves(runs, options.out / "curves.png", options.quick)
    at_test_time(runs, options.out / "test_time.png", options.quick)
    print(text)
    say(f"Written to {options.out}: table.md, numbers.json, curves.png, test_time.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
