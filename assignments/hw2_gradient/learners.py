"""Meta-training and meta-testing of one learner with your functions: the core of problem 6.

A learner is written as a text, so that the command line can name it:

    protonet:5               prototypes, trained with 5 shots
    maml:0.4:1               MAML with inner rate 0.4 and 1 inner step, trained with 1 shot
    maml:0.04:5:learned      the same with rates that start at 0.04 and are learned, and 5 inner steps
"""

import time
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import ModuleType

import torch
from episodes import Task, TaskSampler
from network import conv_net, initial_parameters
from torch import Tensor


@dataclass(frozen=True)
class Learner:
    """What is trained. `name` is how the table calls it."""

    text: str
    shots: int  # in training
    inner_lr: float | None = None  # of MAML; a prototypical network has no inner loop
    steps: int = 0
    learned: bool = False

    @property
    def name(self) -> str:
        if self.inner_lr is None:
            return f"ProtoNet, trained with {self.shots} shot{'s' * (self.shots > 1)}"
        rates = f"rates learned from {self.inner_lr:g}" if self.learned else f"rate {self.inner_lr:g}"
        return f"MAML, {rates}, {self.steps} step{'s' * (self.steps > 1)}"


def learner(text: str) -> Learner:
    """The learner that a text names. Raises `argparse.ArgumentTypeError`, whose words the command line shows."""
    kind, *rest = text.split(":")
    with suppress(ValueError):  # numbers that are none
        if kind == "protonet" and len(rest) == 1 and int(rest[0]) > 0:
            return Learner(text, shots=int(rest[0]))
        if kind == "maml" and (len(rest) == 2 or rest[2:] == ["learned"]) and int(rest[1]) > 0:
            return Learner(text, shots=1, inner_lr=float(rest[0]), steps=int(rest[1]), learned=len(rest) == 3)
    raise ArgumentTypeError(f"{text!r} is no learner. Write it like protonet:1, maml:0.4:5 or maml:0.04:1:learned")


@dataclass(frozen=True)
class Settings:
    """What all learners have in common. Images are 14 x 14."""

    num_classes: int = 5
    width: int = 32
    blocks: int = 3
    embedding_dim: int = 64  # of the prototypical network: what is the logits' layer in MAML
    maml_updates: int = 200
    maml_outer_lr: float = 3e-3
    protonet_updates: int = 200
    protonet_lr: float = 1e-2
    tasks_per_update: int = 4
    queries: int = 10  # per class, in training and in testing
    points: int = 5  # of the curve
    validation_tasks: int = 25
    test_tasks: int = 100
    test_shots: tuple[int, ...] = (1, 2, 5, 10)
    test_steps: tuple[int, ...] = (0, 1, 2, 5, 10)

    def quick(self) -> "Settings":
        """Everything runs, nothing is learned."""
        few = {"maml_updates": 4, "protonet_updates": 4, "points": 2, "validation_tasks": 3, "test_tasks": 4}
        return replace(self, width=8, tasks_per_update=2, queries=2, **few)


Accuracy = tuple[float, float]  # with half of its 95 % interval over tasks


@dataclass(frozen=True)
class Trained:
    """One learner, trained once: its curves, and what it reaches on tasks of characters that it has never seen."""

    losses: tuple[float, ...]  # the training loss of each update
    curve: tuple[tuple[int, Accuracy], ...]  # after so many updates, on the validation alphabets
    by_shots: dict[int, Accuracy]  # shots at test time -> accuracy
    by_steps: dict[int, Accuracy]  # MAML: inner steps at test time -> accuracy with 1 shot
    rates: dict[str, float]  # MAML: the inner rates after training
    seconds: float  # of processor time that training took, without what the curve costs


@dataclass(frozen=True)
class Tasks:
    """Where tasks come from: training ones as they are needed, the others once for all learners of a seed."""

    train: TaskSampler
    validation: Sequence[Task]
    test: dict[int, Sequence[Task]]  # by shots


def tasks_of(parts: dict[str, Tensor], settings: Settings, seed: int) -> Tasks:
    """`parts` are the images of "train", "validation" and "test"; every seed draws other tasks from them."""

    def sampler(part: str) -> TaskSampler:
        return TaskSampler(parts[part], settings.num_classes, seed)

    test = {k: sampler("test").batch(settings.test_tasks, k, settings.queries) for k in settings.test_shots}
    validation = sampler("validation").batch(settings.validation_tasks, 1, settings.queries)
    return Tasks(sampler("train"), validation, test)


class Watched:
    """Batches of training tasks, as many as there are updates. Every now and then, between two of them, it evaluates.

    So it must be read batch by batch, each after the update before it, as your `meta_train` does.
    """

    def __init__(
        self, sampler: TaskSampler, settings: Settings, updates: int, shots: int, evaluate: Callable[[], Accuracy]
    ) -> None:
        self.curve: list[tuple[int, Accuracy]] = []
        self.evaluating = 0.0  # seconds of processor time
        self._batches = (sampler.batch(settings.tasks_per_update, shots, settings.queries) for _ in range(updates))
        self._evaluate = evaluate
        self._at = {round(updates * point / settings.points) for point in range(settings.points + 1)}

    def __iter__(self) -> Iterator[list[Task]]:
        self._look(0)
        for done, batch in enumerate(self._batches, 1):
            yield batch
            self._look(done)

    def _look(self, done: int) -> None:
        if done in self._at:
            started = time.process_time()
            self.curve.append((done, self._evaluate()))
            self.evaluating += time.process_time() - started


def train_maml(maml: ModuleType, learner: Learner, tasks: Tasks, settings: Settings, seed: int) -> Trained:
    """Meta-trains with your `meta_train` and measures with your `meta_test`."""
    assert learner.inner_lr is not None
    parameters = _parameters(settings.num_classes, settings, seed)
    rates = maml.initial_inner_lrs(parameters, learner.inner_lr, learner.learned)

    def accuracy(on: Sequence[Task], steps: int) -> Accuracy:
        mean, half_width = maml.meta_test(conv_net, parameters, on, rates, steps)
        return float(mean), float(half_width)

    def validate() -> Accuracy:
        return accuracy(tasks.validation, learner.steps)

    batches = Watched(tasks.train, settings, settings.maml_updates, learner.shots, validate)
    started = time.process_time()
    losses = maml.meta_train(conv_net, parameters, batches, rates, learner.steps, settings.maml_outer_lr)
    seconds = time.process_time() - started - batches.evaluating
    by_shots = {shots: accuracy(on, learner.steps) for shots, on in tasks.test.items()}
    return Trained(
        tuple(float(loss) for loss in losses),
        tuple(batches.curve),
        by_shots=by_shots,
        by_steps={
            steps: by_shots[1] if steps == learner.steps else accuracy(tasks.test[1], steps)
            for steps in settings.test_steps
        },
        rates={name: float(rate.detach()) for name, rate in rates.items()},
        seconds=seconds,
    )


def train_protonet(
    protonet: ModuleType, maml: ModuleType, learner: Learner, tasks: Tasks, settings: Settings, seed: int
) -> Trained:
    """Trains the same network with your `protonet_step`; there is no inner loop."""
    parameters = _parameters(settings.embedding_dim, settings, seed)
    optimizer = torch.optim.Adam(parameters.values(), lr=settings.protonet_lr)

    def encoder(images: Tensor) -> Tensor:
        return conv_net(parameters, images)

    @torch.no_grad()
    def accuracy(on: Sequence[Task]) -> Accuracy:
        mean, half_width = maml.mean_and_interval([float(protonet.protonet_step(encoder, [task])[2]) for task in on])
        return float(mean), float(half_width)

    batches = Watched(
        tasks.train, settings, settings.protonet_updates, learner.shots, lambda: accuracy(tasks.validation)
    )
    before_updates = []
    started = time.process_time()
    for batch in batches:
        optimizer.zero_grad()
        loss, _, _ = protonet.protonet_step(encoder, batch)
        loss.backward()
        optimizer.step()
        before_updates.append(loss.item())
    seconds = time.process_time() - started - batches.evaluating
    by_shots = {shots: accuracy(on) for shots, on in tasks.test.items()}
    return Trained(tuple(before_updates), tuple(batches.curve), by_shots, by_steps={}, rates={}, seconds=seconds)


def _parameters(num_outputs: int, settings: Settings, seed: int) -> dict[str, Tensor]:
    """Of `conv_net`, for images of 14 x 14."""
    generator = torch.Generator().manual_seed(seed)
    return initial_parameters(num_outputs, generator, width=settings.width, blocks=settings.blocks, size=14)
