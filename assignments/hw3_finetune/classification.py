"""Fine-tuning MiniLM to sort texts, with your functions: the first half of problem 7.

A way of fine-tuning is written as a text, so that the command line can name it:

    all                     every weight; in the same way first, middle and last, which are two blocks each
    lora:4                  factors of rank 4 beside the query and value layers of all blocks
    lora:4:query+key+value  the same beside other layers

Whatever is tuned, the new classifier on top is, too.
"""

import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import Any

import torch
from baselines import logistic_regression, majority, naive_bayes
from language_models import LabelledTexts, encode_batch, glosses, minilm, minilm_tokenizer, reviews
from memory import Memory, memory_of
from packing import without_padding
from texts_to_batches import Batch, Examples, balanced, by_length, in_order, shuffled
from torch import Tensor, nn
from torch.nn import functional

BLOCKS = ("all", "first", "middle", "last")
MAJORITY, WORDS, FROZEN = "most frequent class", "naive Bayes on words", "frozen features"
BASELINES = (MAJORITY, WORDS, FROZEN)
# The rate of each mode, chosen on validation texts among factors of about 3.
RATES = {"all": 1e-4, "first": 3e-4, "middle": 3e-4, "last": 3e-4, "lora": 3e-3}


@dataclass(frozen=True)
class Way:
    """A way of fine-tuning: a mode of `parameters_to_fine_tune`; `name` is how the table calls it."""

    mode: str
    rank: int = 0  # of LoRA
    layers: tuple[str, ...] = ("query", "value")

    @property
    def name(self) -> str:
        if self.mode != "lora":
            return {"all": "all weights"}.get(self.mode, f"{self.mode} two blocks")
        layers = "" if self.layers == ("query", "value") else f" on {', '.join(self.layers)}"
        return f"LoRA of rank {self.rank}{layers}"


def way(text: str) -> Way:
    """The way that a text names. Raises `argparse.ArgumentTypeError`, whose words the command line shows."""
    if text in BLOCKS:
        return Way(text)
    kind, *rest = text.split(":")
    with suppress(ValueError):  # a rank that is no number
        if kind == "lora" and 1 <= len(rest) <= 2 and int(rest[0]) > 0:
            return Way("lora", int(rest[0]), tuple(rest[1].split("+")) if rest[1:] else ("query", "value"))
    raise ArgumentTypeError(f"{text!r} is no way of fine-tuning. Write it like all, first, lora:4 or lora:4:query+key")


@dataclass(frozen=True)
class Settings:
    """What all ways have in common."""

    data: str = "glosses"
    blocks: int = 6  # of MiniLM's 6
    examples: tuple[int, ...] = (20, 80, 320)
    passes: int = 400  # so many examples are shown in training, but ...
    most_epochs: int = 10  # ... each at most so many times, and ...
    least_epochs: int = 2  # ... at least so many times
    batch_size: int = 16
    max_tokens: int = 32
    test_texts: int = 200
    part: str = "test"  # or "validation", on which the settings were chosen
    learning_rate: float | None = None  # in place of that of the mode

    def of_reviews(self) -> "Settings":
        """Longer texts, of two classes."""
        return replace(self, data="reviews", examples=(100, 1000), passes=500, max_tokens=64, test_texts=300)

    def quick(self) -> "Settings":
        """Everything runs, nothing is learned."""
        return replace(self, blocks=2, examples=(10, 20), passes=20, batch_size=5, max_tokens=12, test_texts=20)

    def epochs(self, examples: int) -> int:
        return min(self.most_epochs, max(self.least_epochs, self.passes // examples))

    def rate(self, way: Way) -> float:
        return self.learning_rate or RATES[way.mode]


@dataclass(frozen=True)
class Trained:
    """MiniLM, fine-tuned once."""

    losses: tuple[float, ...]  # of each update
    parameters: int  # that were trained
    share: float  # of all parameters of the model
    memory: Memory
    seconds: float  # of processor time that training took


@dataclass(frozen=True)
class Texts:
    """What a seed learns from, and what it is judged on: other texts for each seed, the same for all ways."""

    train: Examples
    test: Examples
    num_classes: int


HELD_OUT = 300  # training texts that no seed trains on: for choosing settings


def texts_of(data: dict[str, LabelledTexts], settings: Settings, seed: int) -> Texts:
    everything = data["train"]
    cut = len(everything) - HELD_OUT
    train = LabelledTexts(everything.texts[:cut], everything.labels[:cut], everything.names)
    held_out = LabelledTexts(everything.texts[cut:], everything.labels[cut:], everything.names)
    test = data["test"] if settings.part == "test" else held_out
    judged = by_length(balanced(test, seed).first(settings.test_texts))
    return Texts(balanced(train, seed), judged, len(everything.names))


@cache
def data_of(name: str) -> dict[str, LabelledTexts]:
    return {"glosses": glosses, "reviews": reviews}[name]()


@cache
def tokenizer() -> Any:
    return minilm_tokenizer()


def loss_of(model: nn.Module, batch: Batch) -> tuple[Tensor, int]:
    """The mean cross-entropy of a batch, and how many texts it is the mean of: what your `fine_tune` asks for."""
    input_ids, attention_mask, labels = batch
    return functional.cross_entropy(model(input_ids, attention_mask), labels), len(labels)


def accuracy_of(model: nn.Module, batch: Batch) -> tuple[float, int]:
    """The share of right answers, and of how many: what your `evaluate` asks for."""
    input_ids, attention_mask, labels = batch
    return (model(input_ids, attention_mask).argmax(dim=1) == labels).double().mean().item(), len(labels)


def fine_tuned(
    finetune: ModuleType, lora: ModuleType, way: Way, examples: int, settings: Settings, seed: int
) -> tuple[float, Trained]:
    """Fine-tunes with your `fine_tune` on so many examples; the accuracy by your `evaluate`."""
    texts = texts_of(data_of(settings.data), settings, seed)
    train = texts.train.first(examples)
    torch.manual_seed(seed)  # your LoRA layers draw their A
    model = minilm(settings.blocks, texts.num_classes, seed=seed)
    total = sum(parameter.numel() for parameter in model.parameters())  # before LoRA adds to them
    if way.mode == "lora":
        lora.add_lora(model, way.rank, way.layers)

    def batches() -> Iterator[Batch]:
        return shuffled(
            tokenizer(), train, settings.epochs(examples), settings.batch_size, settings.max_tokens, seed=seed
        )

    tests = in_order(tokenizer(), texts.test, settings.batch_size, settings.max_tokens)
    one = max(batches(), key=lambda batch: batch[0].numel())
    with without_padding(model):
        started = time.process_time()
        losses, optimizer = finetune.fine_tune(model, batches(), loss_of, way.mode, settings.rate(way))
        seconds = time.process_time() - started
        accuracy = float(finetune.evaluate(model, tests, accuracy_of))
        memory = memory_of(model, optimizer, lambda: loss_of(model, one)[0])
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return accuracy, Trained(tuple(float(loss) for loss in losses), trained, trained / total, memory, seconds)


def baseline_accuracies(settings: Settings, seed: int) -> dict[tuple[str, int], float]:
    """By name and number of examples: the accuracy of what is not fine-tuned, on the same texts."""
    texts = texts_of(data_of(settings.data), settings, seed)
    test_labels = torch.tensor(texts.test.labels)
    model = minilm(settings.blocks).eval()
    features = features_of(model, texts.train.first(max(settings.examples)), settings)
    test_features = features_of(model, texts.test, settings)
    accuracies = {}
    for n in settings.examples:
        train = texts.train.first(n)
        by_words = naive_bayes(train.texts, train.labels, texts.num_classes, texts.test.texts)
        labels = torch.tensor(train.labels)
        by_features = logistic_regression(features[:n], labels, texts.num_classes, test_features)
        accuracies[MAJORITY, n] = majority(train.labels, texts.test.labels)
        accuracies[WORDS, n] = (torch.tensor(by_words) == test_labels).double().mean().item()
        accuracies[FROZEN, n] = (by_features == test_labels).double().mean().item()
    return accuracies


@torch.inference_mode()
def features_of(model: nn.Module, examples: Examples, settings: Settings) -> Tensor:
    """The mean of MiniLM's last states (N, 384) for each text."""
    batches = [
        encode_batch(tokenizer(), examples.texts[start : start + settings.batch_size], settings.max_tokens)
        for start in range(0, len(examples), settings.batch_size)
    ]
    with without_padding(model):
        return torch.cat([model(input_ids, attention_mask) for input_ids, attention_mask in batches]).clone()
