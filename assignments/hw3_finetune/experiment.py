"""HW3, problem 7: what fine-tuning needs, and what a language model learns without it.

    python experiment.py                       # both parts, about 5 minutes on two cores
    python experiment.py --data reviews        # fine-tuning on longer texts, longer still
    python experiment.py --without smollm2     # one part alone; or --without minilm
    python experiment.py --quick               # seconds, to see that all runs; the numbers mean nothing
    python experiment.py --modes lora:2 all --without smollm2 --out results/mine   # what you want to know yourself

Fine-tunes MiniLM with your `finetune.py` and `lora.py`, in several ways and on several numbers of examples, and
compares them with baselines. Asks SmolLM2 with your `prompts.py` for words by examples in the prompt, and fine-tunes it
on the same examples. Writes tables, three figures and all numbers to results/hw3. You need not change anything here,
but read it, and `classification.py` and `in_context.py`: they are what your code is for.
"""

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(place / name) for place in (HERE.parent, HERE) for name in ("language_models", "experiments")]

import classification  # noqa: E402
import in_context  # noqa: E402
import plots  # noqa: E402
import torch  # noqa: E402
from classification import Way, way  # noqa: E402
from language_models import ModelError  # noqa: E402
from quick_runs import labelled, with_folder  # noqa: E402
from running import end_with_parent, load_modules, say  # noqa: E402
from summary import (  # noqa: E402
    InContext,
    Run,
    TunedWords,
    classification_table,
    shots_table,
    variation_table,
)
from time_left import TimeLeft  # noqa: E402

MODULES = ("finetune", "lora", "prompts")
WAYS = ("all", "first", "middle", "last", "lora:1", "lora:16")
WAYS_ON_REVIEWS = ("all", "first", "last", "lora:4")  # each takes four times as long there
QUICK_WAYS = ("all", "first", "middle", "last", "lora:2")
PARTS = ("minilm", "smollm2")
FIGURES = ("examples.png", "shots.png", "losses.png")

# Memory in large pages, read when a process begins: an update of all weights takes a sixth less time. Where there is no
# glibc, nobody reads it.
LARGE_PAGES = "glibc.malloc.hugetlb=1"

# ---------------------------------------------------------------------------------------------------------------------
# Jobs: each is all that a process of its own needs to know. `work` is roughly the seconds that it takes.

Modules = dict[str, ModuleType]
Result = Run | InContext | TunedWords


@dataclass(frozen=True)
class Baselines:
    seed: int
    settings: classification.Settings

    @property
    def work(self) -> float:
        return 0.005 * (max(self.settings.examples) + self.settings.test_texts)

    def run(self, modules: Modules) -> list[Result]:
        accuracies = classification.baseline_accuracies(self.settings, self.seed)
        return [Run(name, n, self.seed, accuracy) for (name, n), accuracy in accuracies.items()]


@dataclass(frozen=True)
class FineTuning:
    way: Way
    examples: int
    seed: int
    settings: classification.Settings

    @property
    def work(self) -> float:
        each = {"all": 0.020, "first": 0.012, "middle": 0.011, "last": 0.009, "lora": 0.011}[self.way.mode]
        longer = 4 if self.settings.data == "reviews" else 1
        shown = self.examples * self.settings.epochs(self.examples)
        return longer * (each * shown + 0.005 * self.settings.test_texts)

    def run(self, modules: Modules) -> list[Result]:
        accuracy, trained = classification.fine_tuned(
            modules["finetune"], modules["lora"], self.way, self.examples, self.settings, self.seed
        )
        return [Run(self.way.name, self.examples, self.seed, accuracy, trained)]


@dataclass(frozen=True)
class Asking:
    task: str
    shots: tuple[int, ...]
    seed: int
    settings: in_context.Settings

    @property
    def work(self) -> float:
        return 0.03 * self.settings.queries * (len(self.shots) + self.settings.orders + 1)

    def run(self, modules: Modules) -> list[Result]:
        answers = in_context.answered(modules["prompts"], self.task, self.seed, self.settings, self.shots)
        return [InContext(self.task, self.seed, answers)]


@dataclass(frozen=True)
class WordTuning:
    task: str
    examples: int
    seed: int
    settings: in_context.Settings

    @property
    def work(self) -> float:
        return 0.18 * self.settings.updates + 0.1 * self.settings.queries

    def run(self, modules: Modules) -> list[Result]:
        accuracy, tuned = in_context.tuned(modules, self.task, self.examples, self.seed, self.settings)
        return [TunedWords(self.task, self.examples, self.seed, accuracy, tuned)]


Job = Baselines | FineTuning | Asking | WordTuning


def jobs_of(options: argparse.Namespace) -> list[Job]:
    """The long ones first: so both processes end at about the same time."""
    jobs: list[Job] = []
    seeds, on_texts, on_words = options.seeds, options.on_texts, options.on_words
    if "smollm2" in options.parts:
        for task, seed in product(on_words.tasks, seeds):
            drawn = tuple(k for k in on_words.shots if k > 0 or seed == seeds[0])  # 0 shots: nothing is drawn
            jobs += [Asking(task, drawn, seed, on_words)]
            jobs += [WordTuning(task, n, seed, on_words) for n in on_words.tuned_examples]
    if "minilm" in options.parts:
        jobs += [FineTuning(*which, on_texts) for which in product(options.modes, on_texts.examples, seeds)]
        jobs += [Baselines(seed, on_texts) for seed in seeds]
    return sorted(jobs, key=lambda job: (isinstance(job, Asking | WordTuning), job.work), reverse=True)


def line_of(results: Sequence[Result]) -> str:
    """One line on what a job came to."""
    one = results[0]
    if isinstance(one, InContext):
        found = ", ".join(f"{k}: {accuracy:.2f}" for k, accuracy in one.answers.by_shots.items())
        return f"seed {one.seed}, {one.task} in context, by shots: {found}"
    if isinstance(one, TunedWords):
        return (
            f"seed {one.seed}, {one.task}, fine-tuned on {one.examples}: {one.accuracy:.2f}, {one.tuned.seconds:.0f} s"
        )
    if one.trained is None:
        return f"seed {one.seed}, baselines: {', '.join(f'{run.name} {run.accuracy:.2f}' for run in results[-3:])}"
    return f"seed {one.seed}, {one.name}, {one.examples} examples: {one.accuracy:.3f}, {one.trained.seconds:.0f} s"


def run_here(job: Job, solution: Path) -> list[Result]:
    """In a process of the pool, which has one core."""
    torch.set_num_threads(1)
    modules = {name: sys.modules[name] for name in MODULES if name in sys.modules}
    return job.run(modules if len(modules) == len(MODULES) else load_modules(solution, MODULES))


def results(
    jobs: Sequence[Job], modules: Modules | None, solution: Path, workers: int
) -> Iterator[tuple[Job, list[Result]]]:
    """What each job came to, as they end, in processes of their own unless `modules` are in memory."""
    if workers == 1:
        modules = modules or load_modules(solution, MODULES)
        yield from ((job, job.run(modules)) for job in jobs)
        return
    os.environ.setdefault("GLIBC_TUNABLES", LARGE_PAGES)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        try:
            waiting = {pool.submit(run_here, job, solution): job for job in jobs}
            yield from ((waiting[future], future.result()) for future in as_completed(waiting))
        except BaseException:
            pool.shutdown(cancel_futures=True)  # do not begin what nobody will read
            raise


# ---------------------------------------------------------------------------------------------------------------------
# The command


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", choices=("glosses", "reviews"), default="glosses", help="reviews: MiniLM alone")
    parser.add_argument("--without", choices=PARTS, help="the part with this model is left out")
    parser.add_argument("--modes", type=way, nargs="+", help="such as all, first, lora:4, lora:4:query+key")
    parser.add_argument("--examples", type=int, nargs="+", help="to fine-tune MiniLM on, such as 20 80 320")
    parser.add_argument("--learning-rate", type=float, help="of MiniLM, in place of that of each mode")
    parser.add_argument("--tasks", choices=in_context.Settings.tasks, nargs="+", help="word maps")
    parser.add_argument("--shots", type=int, nargs="+", help="such as 0 1 2 4 8")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="which, such as 1 2 3")
    parser.add_argument(
        "--quick", action="store_true", help="little of everything, 2 seeds, no SmolLM2 but a random model"
    )
    parser.add_argument(
        "--workers", type=int, help="processes at the same time, one core each (default: 2; --quick: 1)"
    )
    parser.add_argument("--solution", type=Path, default=HERE, help=f"another folder with {', '.join(MODULES)}")
    parser.add_argument("--out", type=Path, help="folder for the results (default: results/hw3)")
    options = parser.parse_args(argv)
    for name, of in (("examples", options.examples), ("shots", options.shots)):
        if of and min(of) < (name == "examples"):
            parser.error(f"--{name}: {min(of)} is too few")
    usual = Path("results", "hw3" if options.data == "glosses" else f"hw3-{options.data}")
    return complete(with_folder(options, usual, parser))


def complete(options: argparse.Namespace) -> argparse.Namespace:
    """With the settings of both parts, and with what the options leave open."""
    left_out = {options.without, "smollm2" if options.data == "reviews" else None}
    options.parts = [part for part in PARTS if part not in left_out]
    on_texts, on_words = classification.Settings(), in_context.Settings()
    if options.data == "reviews":
        on_texts = on_texts.of_reviews()
    if options.quick:
        on_texts, on_words = on_texts.quick(), on_words.quick()
        options.seeds = options.seeds[:2]
    if options.examples:
        on_texts = replace(on_texts, examples=tuple(sorted(options.examples)))
    if options.shots:
        on_words = replace(on_words, shots=tuple(sorted(options.shots)))
    options.on_texts = replace(on_texts, learning_rate=options.learning_rate)
    options.on_words = replace(on_words, tasks=tuple(options.tasks)) if options.tasks else on_words
    ways = QUICK_WAYS if options.quick else WAYS_ON_REVIEWS if options.data == "reviews" else WAYS
    options.modes = options.modes or [way(text) for text in ways]
    options.workers = options.workers or (1 if options.quick else 2)
    return options


def trouble(options: argparse.Namespace) -> str | None:
    """Why the experiment cannot begin; better said now than after minutes."""
    if importlib.util.find_spec("matplotlib") is None:
        return "The figures need matplotlib. Run: python -m pip install matplotlib"
    if not options.parts:
        return "Nothing is left to run: the reviews are for MiniLM alone."
    return None


def too_many(options: argparse.Namespace) -> str | None:
    """More examples than there are would be fewer than the table says."""
    if "minilm" in options.parts:
        most = len(classification.texts_of(classification.data_of(options.data), options.on_texts, seed=1).train)
        if max(options.on_texts.examples) > most:
            return f"--examples: there are {most} texts to learn from, fewer than {max(options.on_texts.examples)}."
    if "smollm2" in options.parts:
        most = min(len(in_context.words_of(task, options.on_words, seed=1).support) for task in options.on_words.tasks)
        if max(options.on_words.shots) > most:
            return f"--shots: there are {most} examples of a word map, fewer than {max(options.on_words.shots)}."
    return None


def load_models(options: argparse.Namespace) -> None:
    """Reads once what all processes will need, so that what is missing is said at once. Raises ModelError.

    SmolLM2's first use converts it, with a bar of its own. Where other processes do the work, this one keeps nothing.
    """
    if "minilm" in options.parts:
        classification.tokenizer()
        classification.minilm(1)
        classification.data_of(options.data)
    if "smollm2" in options.parts:
        in_context.language_model(options.on_words.random_model)
        if options.workers > 1:
            in_context.language_model.cache_clear()  # half a gigabyte


def main(argv: list[str] | None = None, modules: Modules | None = None) -> int:
    """The whole experiment, with the functions of `modules` or, without them, of the folder that --solution names."""
    options = arguments(argv)
    if modules is not None:
        options.workers = 1  # what is in memory here, other processes do not have
    if complaint := trouble(options):
        say(complaint)
        return 1
    if options.quick:
        torch.set_num_threads(1)  # tiny models: threads would wait for each other more than they work
    jobs = jobs_of(options)
    found: list[Result] = []
    try:
        load_models(options)
        if complaint := too_many(options):
            say(complaint)
            return 1
        if modules is None:
            load_modules(options.solution, MODULES)
        with (
            TimeLeft(sum(job.work for job in jobs)) as left,
            closing(results(jobs, modules, options.solution, options.workers)) as ended,
        ):
            for job, of in ended:
                found += of
                left.job_ended(job.work, line_of(of))
    except NotImplementedError as error:
        say(f"Not implemented yet: {error}. The experiment needs problems 1 to 6.")
        return 1
    except (ModelError, FileNotFoundError) as error:
        say(str(error))
        return 1
    write(found, options)
    return 0


def write(found: Sequence[Result], options: argparse.Namespace) -> None:
    """Tables, figures and numbers."""
    names = list(dict.fromkeys([*classification.BASELINES, *(way.name for way in options.modes)]))
    runs = sorted(
        (one for one in found if isinstance(one, Run)), key=lambda run: (names.index(run.name), run.examples, run.seed)
    )
    asked = sorted((one for one in found if isinstance(one, InContext)), key=lambda one: (one.task, one.seed))
    tuned = sorted((one for one in found if isinstance(one, TunedWords)), key=lambda one: (one.task, one.seed))
    model = "a tiny random model in SmolLM2's place" if options.on_words.random_model else "SmolLM2"
    options.out.mkdir(parents=True, exist_ok=True)
    texts, written = [], ["table.md", "numbers.json"]
    if runs:
        texts.append(classification_table(runs, f"MiniLM on {options.data}"))
        plots.by_examples(runs, options.out / "examples.png", options.quick)
        written.append("examples.png")
    if asked:
        texts.append(shots_table(asked, tuned, f"Word maps, {model}: in context and fine-tuned"))
        texts.append(variation_table(asked, options.on_words.varied_shots, f"Word maps, {model}: the prompt"))
        plots.by_number_of_shots(asked, tuned, options.out / "shots.png", options.quick)
        written.append("shots.png")
    plots.losses(runs, tuned, options.out / "losses.png", options.quick)
    text = labelled("\n".join(texts), options.quick)
    numbers = {
        "quick": options.quick,
        "seeds": options.seeds,
        "settings": {"minilm": asdict(options.on_texts), "smollm2": asdict(options.on_words)},
        "minilm": [asdict(run) for run in runs],
        "in_context": [asdict(one) for one in asked],
        "fine_tuned_on_words": [asdict(one) for one in tuned],
    }
    (options.out / "table.md").write_text(text, encoding="utf-8")
    (options.out / "numbers.json").write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    print(text)
    say(f"Written to {options.out}: {', '.join([*written, 'losses.png'])}")


if __name__ == "__main__":
    sys.exit(main())
