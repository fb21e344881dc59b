"""HW0, problem 7: does it help when two tasks share their tables, and what do the loss weights do?

    python experiment.py                        # planted ratings, where we know the answer, about 3 minutes
    python experiment.py --data movielens       # real ratings, about 3 minutes
    python experiment.py --quick                # a few seconds, to see that everything runs; the numbers mean nothing

Trains your `multitask.py` with shared and with separate tables, and with the loss weights (0.99, 0.01) and (0.5, 0.5)
of (interaction, rating), once per seed; compares all four with baselines; and writes a table, a figure and all numbers
to results/hw0. You need not change anything here, but read it from top to bottom: it is what your code is for.
"""

import argparse
import importlib.util
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType

# ruff: noqa: E402  (the folder that homeworks share comes before what imports from it)
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(place / "experiments") for place in (HERE.parent, HERE)]

import baselines
import numpy as np
import torch
from movielens import DataUnavailable, movielens_ratings
from planted import Ratings, planted_ratings
from quick_runs import labelled, with_folder
from running import load_module, say
from summary import PLANTED_TRUTH, POPULARITY, Run, Weights, figure, table
from torch import Tensor

# ---------------------------------------------------------------------------------------------------------------------
# Settings. They were chosen by looking at seed 0 of each data set, which is why the default seeds start at 1.


@dataclass(frozen=True)
class Settings:
    epochs: int
    batch_size: int
    embedding_dim: int = 16
    layer_sizes: tuple[int, ...] = (64,)
    learning_rate: float = 1e-2  # falls to 0 along a cosine
    weight_decay: float = 1.0  # of AdamW: strong, because 19 ratings a user are few for tables of this size


PLANTED = Settings(epochs=30, batch_size=512)
MOVIELENS = Settings(epochs=16, batch_size=1024)

# ---------------------------------------------------------------------------------------------------------------------
# One run


def tensors(*arrays: np.ndarray) -> list[Tensor]:
    return [torch.from_numpy(array) for array in arrays]


def epoch_batches(
    multitask: ModuleType, data: Ratings, seen: Tensor, batch_size: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """The batches of one epoch for `train_epoch`: (user_ids, item_ids, negative_ids, ratings), (B,) each."""
    items, ratings = tensors(data.train.item_ids, data.train.ratings)
    # Here every *user* is a data set D_u, whose examples are the rows that hold her ratings. The epoch is the union of
    # all D_u, and the task id that the union keeps is the user id.
    ends = np.cumsum(np.bincount(data.train.user_ids, minlength=data.num_users))
    by_user = np.argsort(data.train.user_ids, kind="stable")
    datasets = [rows.tolist() for rows in np.split(by_user, ends[:-1])]
    for batch in multitask.joint_batches(datasets, batch_size, generator):
        user_ids = torch.tensor([user for user, _ in batch])
        rows = torch.tensor([row for _, row in batch])
        yield user_ids, items[rows], unseen_items(seen, user_ids, generator), ratings[rows]


def unseen_items(seen: Tensor, user_ids: Tensor, generator: torch.Generator) -> Tensor:
    """For each user a uniform draw, (B,), from the items that she has not rated in training. seen: (U, I) bool."""
    items = torch.randint(seen.shape[1], user_ids.shape, generator=generator)
    while (wrong := seen[user_ids, items]).any():
        items[wrong] = torch.randint(seen.shape[1], (int(wrong.sum()),), generator=generator)
    return items


def train(
    multitask: ModuleType,
    data: Ratings,
    world: str,
    settings: Settings,
    shared: bool,
    weights: Weights,
    seed: int,
) -> Run:
    """Train one network from scratch and measure it on the test part."""
    started = time.perf_counter()
    torch.manual_seed(seed)  # the initial weights
    generator = torch.Generator().manual_seed(seed)  # the order of the examples, and the negative items
    net = multitask.MultiTaskNet(
        data.num_users, data.num_items, settings.embedding_dim, settings.layer_sizes, shared=shared
    )
    optimizer = torch.optim.AdamW(net.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.epochs)
    seen, relevant = tensors(data.seen(), data.relevant())  # (U, I) bool
    users, items, observed = tensors(data.test.user_ids, data.test.item_ids, data.test.ratings)  # (N,)

    curve = []
    for epoch in range(1, settings.epochs + 1):
        batches = epoch_batches(multitask, data, seen, settings.batch_size, generator)
        losses = {name: float(loss) for name, loss in multitask.train_epoch(net, batches, optimizer, weights).items()}
        schedule.step()
        net.eval()
        with torch.inference_mode():
            _, predicted = net(users, items)
        curve.append({"epoch": epoch, **losses, "test_mse": float(multitask.mean_squared_error(predicted, observed))})

    scores, ratings = all_pairs(net, data)  # (U, I) each
    return Run(
        name=f"{'shared' if shared else 'separate'} {weights}",
        world=world,
        seed=seed,
        mse=curve[-1]["test_mse"],
        mse_unchosen=unchosen_error(multitask, data, ratings),
        mrr=float(multitask.mean_reciprocal_rank(scores, relevant, seen)),
        shared=shared,
        weights=weights,
        curve=tuple(curve),
        seconds=time.perf_counter() - started,
    )


@torch.inference_mode()
def all_pairs(net: torch.nn.Module, data: Ratings) -> tuple[Tensor, Tensor]:
    """Score and predicted rating of every item for every user, (U, I) each, a few users at a time."""
    every_item = torch.arange(data.num_items)
    scores, ratings = [], []
    for some in torch.arange(data.num_users).split(32):
        users, items = torch.meshgrid(some, every_item, indexing="ij")  # (32, I) each
        score, rating = net(users.reshape(-1), items.reshape(-1))  # (32 * I,) each
        scores.append(score.view(users.shape))
        ratings.append(rating.view(users.shape))
    return torch.cat(scores), torch.cat(ratings)


def unchosen_error(multitask: ModuleType, data: Ratings, ratings: Tensor) -> float | None:
    """The MSE on the pairs that nobody observed: what users would have given to items they did not choose.

    Only planted data can tell. `ratings` are predictions (U, I), and are compared with the rating before noise.
    """
    if data.expected is None:
        return None
    (unchosen,) = tensors(~(data.seen() | data.relevant()))
    return float(multitask.mean_squared_error(ratings[unchosen], torch.from_numpy(data.expected)[unchosen]))


def run_baselines(multitask: ModuleType, data: Ratings, world: str, seed: int) -> list[Run]:
    """Baselines on the same split, measured with the same metrics."""
    users, items, observed = tensors(data.test.user_ids, data.test.item_ids, data.test.ratings)  # (N,)

    def run(name: str, predicted: np.ndarray, mrr: float | None = None) -> Run:
        (ratings,) = tensors(predicted)  # (U, I)
        mse = float(multitask.mean_squared_error(ratings[users, items], observed))
        return Run(name, world, seed, mse, unchosen_error(multitask, data, ratings), mrr)

    popularity, relevant, seen = tensors(baselines.popularity(data), data.relevant(), data.seen())
    mrr = float(multitask.mean_reciprocal_rank(popularity, relevant, seen))
    runs = [
        run("constant", baselines.constant(data)),
        run(POPULARITY, baselines.item_means(data), mrr),
        run("user + item bias", baselines.user_and_item_biases(data)),
    ]
    if data.expected is not None:  # nobody can do better than this: what is left is noise and rounding
        runs.append(run(PLANTED_TRUTH, data.expected))
    return runs


# ---------------------------------------------------------------------------------------------------------------------
# The command


def load_solution(path: Path) -> ModuleType:
    """The module `multitask` from a file, or from the folder that holds it. Raises FileNotFoundError."""
    file = path / "multitask.py" if path.is_dir() else path
    return load_module("multitask", file, "multitask.py or the folder that holds it")


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", choices=["planted", "movielens"], default="planted", help="which ratings")
    parser.add_argument("--align", type=float, nargs="+", default=[1.0, 0.0], help="of planted data, each from 0 to 1")
    parser.add_argument(
        "--weights",
        type=float,
        nargs="+",
        default=[0.99, 0.5],
        help="of the interaction loss; the rating loss has the rest",
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--epochs", type=int, help="in place of the settings'; so are the next two")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--weight-decay", type=float)
    parser.add_argument("--quick", action="store_true", help="tiny planted data, 10 epochs, 2 seeds")
    parser.add_argument("--solution", type=Path, default=HERE, help="another multitask.py")
    parser.add_argument("--out", type=Path, help="folder for the results (default: results/hw0)")
    return with_folder(parser.parse_args(argv), Path("results", "hw0"), parser)


def main(argv: list[str] | None = None, multitask: ModuleType | None = None) -> int:
    """The whole experiment, with the functions of `multitask` or, without it, of the file that --solution names."""
    options = arguments(argv)
    torch.set_num_threads(1)  # these networks are so small that threads would wait for each other more than they work
    settings = PLANTED if options.data == "planted" else MOVIELENS
    weightings: list[Weights] = [(w, round(1 - w, 6)) for w in options.weights]
    seeds, sizes = options.seeds, {}
    if options.quick:
        settings, seeds = replace(settings, epochs=10, batch_size=128), seeds[:2]
        sizes = {"num_users": 100, "num_items": 50, "interactions_per_user": 8}
    chosen = {name: getattr(options, name) for name in ("epochs", "learning_rate", "weight_decay")}
    settings = replace(settings, **{name: value for name, value in chosen.items() if value is not None})

    runs: list[Run] = []
    if importlib.util.find_spec("matplotlib") is None:
        say("The figure needs matplotlib. Run\n\n    python -m pip install matplotlib\n")
        return 1
    try:
        multitask = multitask or load_solution(options.solution)
        for seed in seeds:
            if options.data == "planted":
                worlds = {f"align = {a:g}": planted_ratings(align=a, seed=seed, **sizes) for a in options.align}
            else:
                worlds = {"MovieLens": movielens_ratings(seed=seed)}
            for world, data in worlds.items():
                runs += run_baselines(multitask, data, world, seed)
                for weights, shared in itertools.product(weightings, (True, False)):
                    run = train(multitask, data, world, settings, shared, weights, seed)
                    runs.append(run)
                    say(f"seed {seed}, {world}, {run.name}: MSE {run.mse:.3f}, MRR {run.mrr:.3f}, {run.seconds:.1f} s")
    except NotImplementedError as error:
        say(f"Not implemented yet: {error}. The experiment needs problems 1 to 6.")
        return 1
    except (DataUnavailable, FileNotFoundError) as error:
        say(str(error))
        return 1

    options.out.mkdir(parents=True, exist_ok=True)
    text = labelled(table(runs), options.quick)
    numbers = {
        "quick": options.quick,
        "settings": asdict(settings),
        "seeds": seeds,
        "runs": [asdict(run) for run in runs],
    }
    (options.out / f"{options.data}.md").write_text(text, encoding="utf-8")
    (options.out / f"{options.data}.json").write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    figure(runs, options.out / f"{options.data}.png", options.quick)
    print(text)
    say(f"Written to {options.out}: {options.data}.md, {options.data}.json, {options.data}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
