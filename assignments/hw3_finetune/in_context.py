"""Learning a word map in context and by fine-tuning, from the same examples: the second half of problem 7.

SmolLM2 reads some pairs of a map ("France -> Paris") and the x of a query, and goes on with the text: with your
`build_prompt` and `greedy_decode`. Or it is fine-tuned on the pairs, by LoRA in its last blocks, with your
`tokenize_batch`, `lm_loss`, `add_lora` and `fine_tune`, and is then asked without examples.
"""

import copy
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import Any

import torch
from language_models import smollm, smollm_tokenizer
from memory import Memory, memory_of
from packing import logits_only_at
from read_ahead import ReadAhead
from read_once import reading_once
from stand_in import stand_in
from torch import Tensor
from torch.nn import functional
from word_maps import WORD_MAPS, Pair

# Every text begins with it. A query that was the very first word got no answer, not even after fine-tuning. The likely
# reason: attention that has nowhere else to go rests on the first token (Xiao et al., 2023, "attention sinks",
# https://arxiv.org/abs/2309.17453).
START = "\n"
WORDINGS = ("plain", "arrow", "question")  # the modes of build_prompt


@dataclass(frozen=True)
class Settings:
    tasks: tuple[str, ...] = tuple(WORD_MAPS)
    shots: tuple[int, ...] = (0, 1, 2, 4, 8)
    wording: str = "arrow"  # where wordings are not compared, and in fine-tuning
    wordings: tuple[str, ...] = WORDINGS
    varied_shots: int = 4  # where wordings and orders are compared
    orders: int = 4  # of the same examples
    max_new_tokens: int = 6
    part: str = "test"  # or "validation", on which the settings were chosen
    queries: int = 21  # all that there are
    tuned_examples: tuple[int, ...] = (8, 32)
    tuned_blocks: int = 8  # of 30, the last ones
    rank: int = 4
    updates: int = 24
    batch_size: int = 8
    learning_rate: float = 5e-3
    random_model: bool = False  # a tiny random model in place of SmolLM2

    def quick(self) -> "Settings":
        """Everything runs, nothing is learned."""
        few = {"queries": 2, "orders": 2, "updates": 2, "tuned_blocks": 2, "tuned_examples": (8,)}
        return replace(self, tasks=self.tasks[:2], shots=(0, 1, 4), random_model=True, **few)


@dataclass(frozen=True)
class Words:
    """A word map as one seed meets it: examples in the seed's order, and the queries of all seeds."""

    support: tuple[Pair, ...]
    queries: tuple[Pair, ...]


@dataclass(frozen=True)
class Answers:
    """Accuracies of one word map with the examples of one seed."""

    by_shots: dict[int, float]
    by_order: tuple[float, ...]  # `varied_shots` examples: as they come, and in other orders
    by_wording: dict[str, float]  # the same examples, as they come


@dataclass(frozen=True)
class Tuned:
    """SmolLM2, fine-tuned once."""

    losses: tuple[float, ...]  # of each update
    parameters: int
    share: float
    memory: Memory
    seconds: float  # of processor time that training took


def words_of(task: str, settings: Settings, seed: int) -> Words:
    of = WORD_MAPS[task]
    support = random.Random(f"{task} {seed}").sample(of.support, len(of.support))
    return Words(tuple(support), (of.test if settings.part == "test" else of.validation)[: settings.queries])


@cache
def language_model(random_model: bool) -> tuple[Any, Any, frozenset[int]]:
    """The model, its tokenizer, and the tokens at which an answer ends: all with a new line, and the end of text."""
    model, tokenizer = stand_in() if random_model else (smollm(), smollm_tokenizer())
    lines = [token for token in range(tokenizer.vocab_size) if "\n" in tokenizer.decode([token])]
    return model, tokenizer, frozenset([*lines, tokenizer.eos_token_id])


def first_word(text: str) -> str:
    """The first word of an answer, without punctuation around it; "" if there is none."""
    return (text.split() or [""])[0].strip(".,;:!?\"'")


def accuracy(
    prompts: ModuleType, model: Any, texts: Sequence[str], answers: Sequence[str], settings: Settings
) -> float:
    """The share of prompts for which the first word of your `greedy_decode` is the right one, letter by letter."""
    _, tokenizer, stop = language_model(settings.random_model)
    rows = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
    reader = ReadAhead(model, rows, stop, settings.max_new_tokens)
    right = 0
    for row, answer in zip(rows, answers, strict=True):
        tokens = prompts.greedy_decode(reader, torch.tensor([row]), stop, settings.max_new_tokens)
        right += first_word(tokenizer.decode([int(token) for token in tokens])) == answer
    return right / len(rows)


def answered(prompts: ModuleType, task: str, seed: int, settings: Settings, shots: Sequence[int]) -> Answers:
    """What the model answers in context: with so many shots, in other orders, in other wordings."""
    model, _, _ = language_model(settings.random_model)
    words = words_of(task, settings, seed)

    def of(support: Sequence[Pair], wording: str = settings.wording) -> float:
        texts = [START + prompts.build_prompt(list(support), x, wording) for x, _ in words.queries]
        return accuracy(prompts, model, texts, [y for _, y in words.queries], settings)

    by_shots = {k: of(words.support[:k]) for k in shots}
    varied = words.support[: settings.varied_shots]
    as_they_come = by_shots.get(settings.varied_shots)
    if as_they_come is None:
        as_they_come = of(varied)
    by_order = [as_they_come, *(of(order) for order in other_orders(varied, settings.orders - 1, seed))]
    by_wording = {w: as_they_come if w == settings.wording else of(varied, w) for w in settings.wordings}
    return Answers(by_shots, tuple(by_order), by_wording)


def other_orders(pairs: Sequence[Pair], number: int, seed: int) -> list[list[Pair]]:
    """So many different orders of the pairs, none of them the given one."""
    draw = random.Random(seed)
    orders: list[list[Pair]] = []
    while len(orders) < number:
        order = draw.sample(pairs, len(pairs))
        if order != list(pairs) and order not in orders:
            orders.append(order)
    return orders


def lm_loss_of(finetune: ModuleType):
    """For your `fine_tune`: the mean loss over the answers' tokens in a batch, and how many they are."""

    def loss_of(model: Any, batch: dict[str, Tensor]) -> tuple[Tensor, int]:
        counts = batch["labels"][:, 1:] != -100  # (B, T - 1): the logits before a token that counts
        with logits_only_at(functional.pad(counts, (0, 1)), model.lm_head):
            logits = model(batch["input_ids"], batch["attention_mask"]).logits
        return finetune.lm_loss(logits, batch["labels"]), int(counts.sum())

    return loss_of


def tuned(
    modules: dict[str, ModuleType], task: str, examples: int, seed: int, settings: Settings
) -> tuple[float, Tuned]:
    """Fine-tunes on the first examples of the seed, those that stand in the prompts; the accuracy without examples."""
    finetune, prompts = modules["finetune"], modules["prompts"]
    words = words_of(task, settings, seed)
    shared, tokenizer, _ = language_model(settings.random_model)
    model = with_own_last_blocks(shared, settings.tuned_blocks)
    total = sum(parameter.numel() for parameter in model.parameters())
    torch.manual_seed(seed)  # your LoRA layers draw their A
    modules["lora"].add_lora(model.model.layers[-settings.tuned_blocks :], settings.rank, ("q_proj", "v_proj"))

    def asked(x: str) -> str:
        return START + prompts.build_prompt([], x, settings.wording)

    def batches() -> Iterator[dict[str, Tensor]]:
        for pairs in drawn(words.support[:examples], settings.updates, settings.batch_size, seed):
            yield finetune.tokenize_batch(tokenizer, [asked(x) for x, _ in pairs], [f" {y}" for _, y in pairs])

    in_training = reading_once(model, len(model.model.layers) - settings.tuned_blocks)
    loss_of = lm_loss_of(finetune)
    started = time.process_time()
    losses, optimizer = finetune.fine_tune(in_training, batches(), loss_of, "lora", settings.learning_rate)
    seconds = time.process_time() - started
    one = max(batches(), key=lambda batch: batch["input_ids"].numel())
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    memory = memory_of(model, optimizer, lambda: loss_of(in_training, one)[0])
    reached = accuracy(prompts, model, [asked(x) for x, _ in words.queries], [y for _, y in words.queries], settings)
    return reached, Tuned(tuple(float(loss) for loss in losses), trained, trained / total, memory, seconds)


def drawn(pairs: Sequence[Pair], updates: int, batch_size: int, seed: int) -> Iterator[list[Pair]]:
    """So many batches: the pairs in random order, again and again, each once before any comes again."""
    draw = random.Random(seed)
    waiting: list[Pair] = []
    for _ in range(updates):
        while len(waiting) < min(batch_size, len(pairs)):
            waiting += draw.sample(pairs, len(pairs))
        yield [waiting.pop(0) for _ in range(min(batch_size, len(pairs)))]


def with_own_last_blocks(model: Any, number: int) -> Any:
    """A copy of a Llama that shares all weights with it but those of its last blocks: half a gigabyte saved."""
    own = {id(parameter) for block in model.model.layers[-number:] for parameter in block.parameters()}
    shared = {id(parameter): parameter for parameter in model.parameters() if id(parameter) not in own}
    return copy.deepcopy(model, shared)
