"""One network from its first weights to its accuracy on classes that it has never seen. Your functions do the work."""

import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import baselines
import torch
from characters import Characters
from running import load_modules
from summary import Run, Setting
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d


class Solution(NamedTuple):
    """Your two modules."""

    episodes: ModuleType
    mann: ModuleType


def load_solution(folder: Path) -> Solution:
    """The modules `episodes` and `mann` of the files in a folder. Raises FileNotFoundError."""
    return Solution(**load_modules(folder, Solution._fields))


@dataclass(frozen=True)
class Schedule:
    """How long a network is trained, and how closely it is watched."""

    steps: int
    batch_size: int  # episodes in a step
    learning_rate: float
    side: int = 14  # images are shrunk from 28 x 28 to this many pixels a side
    looks: int = 20  # points of the curve
    look_episodes: int = 300  # for each of them
    test_episodes: int = 2000  # for the table


def shrunk(characters: Characters, side: int) -> list[Tensor]:
    """One float32 tensor (20, side^2) per character: each pixel the mean of a square of the 28 x 28."""
    pixels = torch.from_numpy(characters.pixels()).reshape(-1, 1, 28, 28)
    return list(avg_pool2d(pixels, 28 // side).reshape(len(characters.names), 20, side * side))


class SortedQuery:
    """A sampler whose query is in class order: position n of every row, the query's too, holds class n."""

    def __init__(self, sampler: object) -> None:
        self.sampler = sampler

    def sample(self) -> tuple[Tensor, Tensor]:
        images, labels = self.sampler.sample()
        order = labels[-1].argmax(-1).argsort()
        for part in (images, labels):
            part[-1] = part[-1][order]
        return images, labels


class Watched:
    """A sampler that looks at the network every so many episodes, so that one call of `train` gives a whole curve."""

    def __init__(self, sampler: object, every: int, look: object) -> None:
        self.sampler, self.every, self.look = sampler, every, look
        self.drawn = 0

    def sample(self) -> tuple[Tensor, Tensor]:
        if self.drawn % self.every == 0:
            self.look()
        self.drawn += 1
        return self.sampler.sample()


def draw(sampler: object, episodes: int) -> tuple[Tensor, Tensor]:
    """Images (E, K+1, N, D) and labels (E, K+1, N, N) of E episodes."""
    images, labels = zip(*(sampler.sample() for _ in range(episodes)), strict=True)
    return torch.stack(images), torch.stack(labels)


@torch.inference_mode()
def logits_of(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """What the network answers, (E, K+1, N, N), some hundred episodes at a time."""
    model.eval()
    parts = [model(*part) for part in zip(images.split(500), labels.split(500), strict=True)]
    model.train()
    return torch.cat(parts)


def run_trial(
    solution: Solution, known: list[Tensor], unseen: list[Tensor], setting: Setting, schedule: Schedule, seed: int
) -> Run:
    """Trains one network on the `known` classes and measures it on the `unseen` ones: (20, D) per class in both."""
    started = time.perf_counter()
    n_way, k_shot = setting.num_classes, setting.num_shots

    def sampler(classes: list[Tensor], stream: int) -> object:  # streams of random numbers that do not depend on others
        generator = torch.Generator().manual_seed(10 * seed + stream)
        return solution.episodes.EpisodeSampler(classes, n_way, k_shot, generator)

    torch.manual_seed(seed)  # the initial weights
    model = solution.mann.MANN(n_way, k_shot, input_dim=known[0].shape[-1], hidden_dim=setting.hidden_dim)

    looked_at = {
        "unseen": draw(sampler(unseen, 1), schedule.look_episodes),
        "known": draw(sampler(known, 2), schedule.look_episodes),
    }
    curve: list[dict[str, float]] = []
    every = max(1, schedule.steps // schedule.looks)

    def look() -> None:
        accuracies = {
            name: float(solution.mann.query_accuracy(logits_of(model, *episodes), episodes[1]))
            for name, episodes in looked_at.items()
        }
        curve.append({"step": every * len(curve), **accuracies})

    drawn = sampler(known, 3)
    watched = Watched(drawn if setting.shuffled else SortedQuery(drawn), every * schedule.batch_size, look)
    losses = solution.mann.train(model, watched, schedule.steps, schedule.batch_size, schedule.learning_rate)
    look()

    images, labels = draw(sampler(unseen, 4), schedule.test_episodes)
    right = logits_of(model, images, labels)[:, -1].argmax(-1) == labels[:, -1].argmax(-1)  # (E, N)
    in_order = None
    if not setting.shuffled:
        ordered = draw(SortedQuery(sampler(unseen, 4)), schedule.test_episodes)
        in_order = float(solution.mann.query_accuracy(logits_of(model, *ordered), ordered[1]))
    of_known = draw(sampler(known, 5), schedule.test_episodes)
    return Run(
        setting=setting,
        seed=seed,
        hits=tuple(right.float().mean(1).tolist()),
        by_position=tuple(right.float().mean(0).tolist()),
        nearest=baselines.nearest_neighbour(images.numpy(), labels.numpy()),
        known=float(solution.mann.query_accuracy(logits_of(model, *of_known), of_known[1])),
        sorted_query=in_order,
        losses=tuple(float(loss) for loss in losses),
        curve=tuple(curve),
        seconds=time.perf_counter() - started,
    )
