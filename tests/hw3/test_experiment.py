"""The experiment of HW3 on the reference: it runs, and says what it measured; its parts, by small exact examples."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw3_finetune"
MODELS = REPO / "assignments" / "language_models"
REFERENCE = REPO / "solutions" / "hw3_finetune"
WAYS = ["all weights", "first two blocks", "middle two blocks", "last two blocks", "LoRA of rank 2"]
BASELINES = ["most frequent class", "naive Bayes on words", "frozen features"]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module that lies beside the handout, and forget it after: other homeworks have some of the same name."""
    before = set(sys.modules)
    for folder in (MODELS, HERE.parent / "experiments", HERE):
        monkeypatch.syspath_prepend(folder)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith((str(HERE), str(MODELS), str(REFERENCE))):
            del sys.modules[name]


@pytest.fixture
def run(load) -> Callable[..., int]:
    """The experiment in this process, which need not import PyTorch again; tests/homeworks runs it as a command."""
    return lambda *arguments: load("experiment").main([*map(str, arguments), "--workers", "1"])


def test_quick_run_with_the_reference(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", "--solution", REFERENCE, "--out", tmp_path) == 0

    numbers = json.loads((tmp_path / "quick" / "numbers.json").read_text())
    assert numbers["quick"]
    found = [(one["name"], one["examples"], one["seed"]) for one in numbers["minilm"]]
    assert found == [(name, n, seed) for name in [*BASELINES, *WAYS] for n in (10, 20) for seed in (1, 2)]
    by_name = {one["name"]: one["trained"] for one in numbers["minilm"]}
    assert all(by_name[name] is None for name in BASELINES)
    assert by_name["all weights"]["share"] == 1
    factors = 2 * 2 * 2 * (384 + 384)  # blocks, layers, rank
    assert by_name["LoRA of rank 2"]["parameters"] == factors + 10 * 384 + 10
    for one in by_name.values():
        assert one is None or one["memory"]["gradients"] == 4 * one["parameters"]
    in_context = {(one["task"], one["seed"]): one["answers"] for one in numbers["in_context"]}
    assert list(in_context) == [("capital", 1), ("capital", 2), ("opposite", 1), ("opposite", 2)]
    assert [list(answers["by_shots"]) for answers in in_context.values()] == 2 * [["0", "1", "4"], ["1", "4"]]
    assert all(len(answers["by_order"]) == 2 for answers in in_context.values())
    assert all(list(answers["by_wording"]) == ["plain", "arrow", "question"] for answers in in_context.values())
    assert [one["examples"] for one in numbers["fine_tuned_on_words"]] == 4 * [8]

    text = (tmp_path / "quick" / "table.md").read_text()
    captured = capsys.readouterr()
    assert captured.out.strip() == text.strip()
    assert all(f"| {name} |" in text for name in [*BASELINES, *WAYS, "capital", "opposite"])
    assert "(100 %, done)" in captured.err
    for figure in ("examples.png", "shots.png", "losses.png"):
        assert (tmp_path / "quick" / figure).read_bytes().startswith(b"\x89PNG")


def test_an_unfinished_solution_is_told_so(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for module in ("finetune", "lora", "prompts"):
        (tmp_path / f"{module}.py").write_text("def __getattr__(name): raise NotImplementedError('Problem 6')\n")
    assert run("--quick", "--without", "minilm", "--solution", tmp_path, "--out", tmp_path / "out") == 1
    assert "Not implemented yet: Problem 6" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_found_is_said_in_one_line(run, load, tmp_path: Path, capsys, monkeypatch):
    quick = ("--quick", "--out", tmp_path / "out")
    assert run(*quick, "--without", "minilm", "--solution", tmp_path / "nowhere") == 1
    said = capsys.readouterr().err
    assert "nowhere" in said
    assert said.count("\n") == 1
    monkeypatch.setattr(load("language_models.weights"), "distribution", missing)
    assert run(*quick, "--solution", REFERENCE) == 1
    said = capsys.readouterr().err
    assert "make models" in said
    assert said.count("\n") == 1


def missing(package: str):
    raise importlib.metadata.PackageNotFoundError(package)


def test_nothing_to_run_is_said(run, capsys: pytest.CaptureFixture[str]):
    assert run("--data", "reviews", "--without", "minilm") == 1
    assert "Nothing is left to run" in capsys.readouterr().err


def test_more_examples_than_there_are(run, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", "--without", "minilm", "--shots", "1", "36", "--solution", REFERENCE) == 1
    assert capsys.readouterr().err == "--shots: there are 35 examples of a word map, fewer than 36.\n"
    assert run("--quick", "--without", "smollm2", "--examples", "1701", "--solution", REFERENCE) == 1
    assert capsys.readouterr().err == "--examples: there are 1700 texts to learn from, fewer than 1701.\n"


def test_each_text_is_shown_often_where_there_are_few(load):
    settings = load("classification").Settings()
    assert [settings.epochs(n) for n in (20, 80, 320)] == [10, 5, 2]
    assert [settings.of_reviews().epochs(n) for n in (100, 1000)] == [5, 2]


def test_one_part_alone(run, tmp_path: Path):
    assert run("--quick", "--without", "minilm", "--tasks", "past", "--solution", REFERENCE, "--out", tmp_path) == 0
    numbers = json.loads((tmp_path / "quick" / "numbers.json").read_text())
    assert numbers["minilm"] == []
    assert {one["task"] for one in numbers["in_context"]} == {"past"}
    assert not (tmp_path / "quick" / "examples.png").exists()
    assert "MiniLM" not in (tmp_path / "quick" / "table.md").read_text()


def test_ways_are_named_by_texts(load):
    way = load("classification").way
    assert [way(text).name for text in ("all", "middle", "lora:4")] == [WAYS[0], WAYS[2], "LoRA of rank 4"]
    assert way("lora:4").layers == ("query", "value")
    assert way("lora:2:query+key").name == "LoRA of rank 2 on query, key"
    for text in ("lora", "lora:0", "lora:a", "full", "lora:1:query:key"):
        with pytest.raises(argparse.ArgumentTypeError, match="is no way of fine-tuning"):
            way(text)


class TestWordMaps:
    def test_every_map_has_63_pairs_and_no_word_twice(self, load):
        for name, of in load("word_maps").WORD_MAPS.items():
            pairs = [*of.support, *of.validation, *of.test]
            assert (len(of.support), len(of.validation), len(of.test)) == (35, 7, 21), name
            assert len({x for x, _ in pairs}) == 63, name
            assert all(x and y and x != y for x, y in pairs), name
            assert not {(y, x) for x, y in pairs} & set(pairs), f"{name}: a pair and its reverse"

    def test_parts_are_drawn_the_same_each_time(self, load):
        maps = load("word_maps")
        assert maps.word_map("capital", maps.CAPITAL) == maps.WORD_MAPS["capital"]

    def test_a_seed_changes_the_examples_and_not_the_queries(self, load):
        in_context = load("in_context")
        one, again, other = (in_context.words_of("past", in_context.Settings(), seed) for seed in (1, 1, 2))
        assert one == again
        assert one.queries == other.queries
        assert one.support[:8] != other.support[:8]
        assert set(one.support) == set(other.support)
        assert not set(one.support) & set(one.queries)


class TestBaselines:
    def test_the_most_frequent_class(self, load):
        majority = load("baselines").majority
        assert majority([2, 2, 0], [2, 0, 1, 1]) == 0.25
        assert majority([1, 0, 1, 0], [0, 0, 1]) == pytest.approx(2 / 3)

    def test_naive_bayes_by_hand(self, load):
        baselines = load("baselines")
        assert baselines.words("A cat's tail; 2 cats!") == ["a", "cat's", "tail", "2", "cats"]
        texts, labels = ["red apple", "red red", "blue sky"], [0, 0, 1]
        # p(red | 0) = 4/8, p(red | 1) = 1/6; p(sky | 0) = 1/8, p(sky | 1) = 2/6; p(0) = 3/5
        # "red sky": 3/5 * 4/64 = 0.0375 against 2/5 * 2/36 = 0.0222; "sky": 0.075 against 0.133
        assert baselines.naive_bayes(texts, labels, 2, ["red sky", "Sky.", "green"]) == [0, 1, 0]

    def test_logistic_regression_finds_what_divides_the_classes(self, load):
        torch = pytest.importorskip("torch")
        features = torch.tensor([[0.0, 5.0], [1.0, 5.0], [10.0, 5.0], [11.0, 5.0]])
        answers = load("baselines").logistic_regression(
            features, torch.tensor([1, 1, 0, 0]), 2, torch.tensor([[2.0, 5.0], [8.0, 5.0]])
        )
        assert answers.tolist() == [1, 0]


class TestTextsToBatches:
    @pytest.fixture
    def batches(self, load):
        return load("texts_to_batches")

    def data(self, load):
        texts = tuple("x" * (1 + number) for number in range(12))
        return load("language_models").LabelledTexts(texts, tuple(number % 3 for number in range(12)), ("a", "b", "c"))

    def test_classes_take_turns_and_smaller_sets_are_part_of_larger_ones(self, load, batches):
        one, other = batches.balanced(self.data(load), 1), batches.balanced(self.data(load), 2)
        assert one.labels == 4 * (0, 1, 2)
        assert len(set(one.texts)) == 12
        assert all((len(text) - 1) % 3 == label for text, label in zip(one.texts, one.labels, strict=True))
        assert one.texts != other.texts
        assert one.first(6).texts == one.texts[:6]

    def test_each_epoch_has_each_text_once(self, load, batches):
        examples = batches.balanced(self.data(load), 1)
        tokenizer = load("stand_in").Letters()
        tokenizer.pad_token_id = 0
        epochs = list(batches.shuffled(tokenizer, examples, 2, 4, 20, seed=3))
        assert [len(labels) for _, _, labels in epochs] == 6 * [4]
        for epoch in (epochs[:3], epochs[3:]):
            lengths = [int(length) for _, mask, _ in epoch for length in mask.sum(dim=1)]
            assert sorted(lengths) == list(range(1, 13))
            labels = [int(label) for _, _, of in epoch for label in of]
            assert labels == [(length - 1) % 3 for length in lengths]
        assert [ids.tolist() for ids, _, _ in epochs[:3]] != [ids.tolist() for ids, _, _ in epochs[3:]]

    def test_short_texts_come_first_with_their_labels(self, load, batches):
        examples = batches.by_length(batches.balanced(self.data(load), 1))
        assert [len(text) for text in examples.texts] == list(range(1, 13))
        assert examples.labels == 4 * (0, 1, 2)


class TestMemory:
    def test_counted_by_hand(self, load):
        torch = pytest.importorskip("torch")
        first, second = torch.nn.Linear(3, 5, bias=False), torch.nn.Linear(5, 2, bias=False)
        model = torch.nn.Sequential(first, torch.nn.Tanh(), second)
        first.requires_grad_(False)
        x = torch.ones(7, 3)
        optimizer = torch.optim.AdamW(second.parameters())
        model(x).sum().backward()
        optimizer.step()
        memory = load("memory").memory_of(model, optimizer, lambda: model(x).sum())
        assert memory.gradients == 4 * 10
        assert memory.optimizer == 4 * (10 + 10 + 1)  # two means, and the number of the step
        assert memory.activations == 4 * 7 * 5  # what the second layer is given
        first.requires_grad_(True)
        assert load("memory").kept_for_backward(model, lambda: model(x).sum()) == 4 * (7 * 5 + 7 * 3)


class TestReadAhead:
    ROWS = ([5, 6, 7, 8, 9], [5, 6, 7, 8], [5, 6, 8], [5, 6, 4, 4, 4, 4])

    def test_the_longest_beginning_that_leaves_each_row_a_token(self, load):
        common_prefix = load("read_ahead").common_prefix
        assert common_prefix([[1, 2, 3, 4], [1, 2, 5]]) == [1, 2]
        assert common_prefix([[1, 2], [1, 2, 3]]) == [1]
        assert common_prefix([[1, 2]]) == [1]
        assert common_prefix([[1], [1]]) == []
        assert common_prefix([[1, 2], [3, 2]]) == []

    def reader(self, load, rows, stop=(), new_tokens=4):
        model, _ = load("stand_in").stand_in()
        return model, load("read_ahead").ReadAhead(model, rows, stop, new_tokens).eval()

    @pytest.mark.parametrize("others", [[], [[3]]], ids=["with a prefix", "without"])
    @pytest.mark.parametrize("cached", [True, False])
    def test_answers_as_the_model_does_wherever_it_goes_on(self, load, others, cached):
        torch = pytest.importorskip("torch")
        model, reader = self.reader(load, [*self.ROWS, *others])
        for row in [*self.ROWS, *others, [5, 6, 7], [1]]:
            for choose in (torch.argmax, torch.argmin):  # what was read ahead, and what was not
                text, given, pasts = torch.tensor([row]), torch.tensor([row]), [None, None]
                for _ in range(6):
                    one, other = (
                        each(given, past_key_values=past, use_cache=cached)
                        for each, past in zip((model, reader), pasts, strict=True)
                    )
                    assert one.logits.shape == other.logits.shape
                    assert torch.allclose(one.logits, other.logits, atol=1e-5)
                    new = choose(one.logits[0, -1]).reshape(1, 1)
                    text = torch.cat([text, new], dim=1)
                    given = new if cached else text
                    pasts = [one.past_key_values, other.past_key_values]

    def test_all_rows_are_read_together_and_not_again(self, load):
        torch = pytest.importorskip("torch")
        stand_in = load("stand_in").stand_in
        given = []
        model, _ = stand_in()
        model.register_forward_pre_hook(lambda module, arguments: given.append(tuple(arguments[0].shape)))
        reader = load("read_ahead").ReadAhead(model, self.ROWS, (), 3).eval()
        assert given == [(1, 2), (4, 4), (4, 1), (4, 1)]
        for row in self.ROWS:
            first = reader(torch.tensor([row]), use_cache=True)
            reader(first.logits[:, -1].argmax().reshape(1, 1), past_key_values=first.past_key_values)
        assert len(given) == 4

    def test_it_stops_where_all_rows_have_stopped(self, load):
        torch = pytest.importorskip("torch")
        model, _ = load("stand_in").stand_in()
        firsts = {int(model(torch.tensor([row])).logits[0, -1].argmax()) for row in self.ROWS}
        given = []
        model.register_forward_pre_hook(lambda module, arguments: given.append(tuple(arguments[0].shape)))
        load("read_ahead").ReadAhead(model, self.ROWS, firsts, 9)
        assert len(given) == 2

    def test_a_row_that_has_stopped_leaves_the_batch(self, load):
        torch = pytest.importorskip("torch")
        model, _ = load("stand_in").stand_in()
        first, *others = (int(model(torch.tensor([row])).logits[0, -1].argmax()) for row in self.ROWS)
        stopping = 1 + others.count(first)
        assert stopping < len(self.ROWS)
        given = []
        model.register_forward_pre_hook(lambda module, arguments: given.append(tuple(arguments[0].shape)))
        load("read_ahead").ReadAhead(model, self.ROWS, {first}, 2)
        assert given[2] == (len(self.ROWS) - stopping, 1)


class TestReadOnce:
    """Texts of other lengths, alone and beside longer ones."""

    TEXTS = ([5, 6, 7], [5, 6, 7, 8, 9], [4, 4], [5, 6, 7])

    def batch(self, texts):
        torch = pytest.importorskip("torch")
        longest = max(map(len, texts))
        tokens = torch.tensor([[*text, *(longest - len(text)) * [0]] for text in texts])
        mask = torch.tensor([[*(len(text) * [1]), *(longest - len(text)) * [0]] for text in texts])
        return tokens, mask

    def test_answers_as_the_model_does(self, load):
        torch = pytest.importorskip("torch")
        model, _ = load("stand_in").stand_in()
        once = load("read_once").reading_once(model, 3)
        for texts in (self.TEXTS, self.TEXTS[:1], self.TEXTS[::-1], [[1], *self.TEXTS]):
            tokens, mask = self.batch(texts)
            same = mask.bool()
            assert torch.allclose(model(tokens, mask).logits[same], once(tokens, mask).logits[same], atol=1e-5)

    def test_each_text_is_read_once_by_the_first_blocks(self, load):
        model, _ = load("stand_in").stand_in()
        once = load("read_once").reading_once(model, 3)
        given = []
        first = once.model.layers[0].blocks[0]
        first.register_forward_pre_hook(lambda module, arguments: given.append(len(arguments[0])))
        once(*self.batch(self.TEXTS[:2]))
        once(*self.batch(self.TEXTS))
        once(*self.batch(self.TEXTS))
        assert given == [2, 1]

    def test_the_last_blocks_have_the_gradients_of_the_model(self, load):
        torch = pytest.importorskip("torch")
        model, _ = load("stand_in").stand_in()
        once = load("read_once").reading_once(model, 3)
        trained = model.model.layers[3].mlp.up_proj.weight
        model.requires_grad_(False)
        trained.requires_grad_(True)
        tokens, mask = self.batch(self.TEXTS)
        same = mask.bool()
        one, other = (
            torch.autograd.grad(each(tokens, mask).logits[same].square().sum(), trained)[0] for each in (model, once)
        )
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-5)
        assert one.abs().sum() > 0


class TestPacking:
    """Texts of other lengths: the model answers as it does otherwise, and computes less."""

    ARCHITECTURE: ClassVar = {"vocab_size": 40, "width": 8, "heads": 2, "blocks": 3, "hidden": 16, "context": 12}
    TEXTS = ([5, 6, 7], [5, 6, 7, 8, 9], [4], [5, 6, 7])

    @pytest.fixture
    def model(self, load):
        torch = pytest.importorskip("torch")
        load("language_models")
        torch.manual_seed(0)
        return sys.modules["language_models.bert"].Bert(**self.ARCHITECTURE, num_classes=4)

    @pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], TEXTS[::-1]])
    def test_logits_and_gradients_are_those_of_the_model(self, load, model, texts):
        torch = pytest.importorskip("torch")
        tokens, mask = TestReadOnce().batch(texts)

        def computed():
            logits = model(tokens, mask)
            return [logits, *torch.autograd.grad(logits.square().sum(), list(model.parameters()))]

        plain = computed()
        with load("packing").without_padding(model):
            packed = computed()
        for one, other in zip(plain, packed, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
        assert all(tensor.abs().sum() > 0 for tensor in plain[:-2])

    def test_blocks_are_given_tokens_only_and_afterwards_all(self, load, model):
        given = []
        dense = model.encoder.layer[1].intermediate.dense
        dense.register_forward_pre_hook(lambda module, arguments: given.append(tuple(arguments[0].shape)))
        batch = TestReadOnce().batch(self.TEXTS)
        with load("packing").without_padding(model):
            model(*batch)
            with pytest.raises(ValueError, match="tokens a text"):
                model(batch[0].repeat(1, 9), batch[1].repeat(1, 9))
        model(*batch)
        assert given == [(12, 8), (4, 5, 8)]

    def test_lora_layers_may_stand_there(self, load, model):
        torch = pytest.importorskip("torch")
        spec = importlib.util.spec_from_file_location("lora", REFERENCE / "lora.py")
        lora = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(lora)
        lora.add_lora(model, 2, ("query", "value"))
        for layer in model.encoder.layer:
            torch.nn.init.normal_(layer.attention.self.query.B)
        batch = TestReadOnce().batch(self.TEXTS)
        plain = model(*batch)
        with load("packing").without_padding(model):
            torch.testing.assert_close(model(*batch), plain)

    def test_logits_at_chosen_places(self, load):
        torch = pytest.importorskip("torch")
        model, _ = load("stand_in").stand_in()
        tokens, mask = TestReadOnce().batch(self.TEXTS)
        chosen = torch.zeros_like(mask, dtype=torch.bool)
        chosen[0, 1] = chosen[1, 3] = chosen[3, 2] = True
        plain = model(tokens, mask).logits
        with load("packing").logits_only_at(chosen, model.lm_head):
            some = model(tokens, mask).logits
        torch.testing.assert_close(some[chosen], plain[chosen])
        assert some[~chosen].abs().sum() == 0 < plain[~chosen].abs().sum()
        assert torch.equal(model(tokens, mask).logits, plain)


class TestInContext:
    def test_the_first_word(self, load):
        first_word = load("in_context").first_word
        assert [first_word(text) for text in (" Paris.\n", "Paris is", "", "  ", " child's")] == [
            "Paris",
            "Paris",
            "",
            "",
            "child's",
        ]

    def test_other_orders_are_different_ones(self, load):
        pairs = [(str(number), "y") for number in range(4)]
        orders = load("in_context").other_orders(pairs, 23, seed=1)
        assert len({tuple(order) for order in [pairs, *orders]}) == 24
        assert all(sorted(order) == pairs for order in orders)

    def test_each_pair_is_drawn_once_before_any_comes_again(self, load):
        pairs = [(str(number), "y") for number in range(6)]
        batches = list(load("in_context").drawn(pairs, updates=6, batch_size=4, seed=1))
        assert [len(batch) for batch in batches] == 6 * [4]
        in_turn = [pair for batch in batches for pair in batch]
        assert all(sorted(in_turn[start : start + 6]) == pairs for start in range(0, 24, 6))
        assert [len(batch) for batch in load("in_context").drawn(pairs, 2, batch_size=8, seed=1)] == [6, 6]

    def test_a_copy_has_only_its_last_blocks_of_its_own(self, load):
        model, _ = load("stand_in").stand_in()
        copied = load("in_context").with_own_last_blocks(model, 1)
        same = [one is other for one, other in zip(model.parameters(), copied.parameters(), strict=True)]
        blocks = [name.startswith("model.layers.3.") for name, _ in model.named_parameters()]
        assert [not one for one in same] == blocks


class TestTimeLeft:
    def test_the_rest_takes_what_the_work_so_far_took(self, load):
        seconds_left = load("time_left").seconds_left
        assert seconds_left(30, 1, 4) == 90
        assert seconds_left(30, 4, 4) == 0
        assert seconds_left(30, 0, 4) is None

    def test_in_words(self, load):
        in_words = load("time_left").in_words
        assert [in_words(seconds) for seconds in (None, 0, 2, 42, 89, 95, 290)] == [
            "time left not known yet",
            "done",
            "about 5 s left",
            "about 40 s left",
            "about 90 s left",
            "about 2 min left",
            "about 5 min left",
        ]

    def test_each_line_says_what_is_left(self, load, capsys: pytest.CaptureFixture[str]):
        with load("time_left").TimeLeft(total=4) as left:
            left.started -= 20
            left.job_ended(1, "[one] job")
            left.job_ended(3, "another")
        assert capsys.readouterr().err.splitlines() == [
            "[one] job (25 %, about 60 s left)",
            "another (100 %, done)",
        ]


class TestSummary:
    def test_differences_are_within_a_seed(self, load):
        summary = load("summary")
        trained = load("classification").Trained((1.0,), 10, 0.5, load("memory").Memory(1, 2, 3), 4.0)
        accuracy = {"frozen features": (0.4, 0.6), "all weights": (0.5, 0.9), "LoRA of rank 1": (0.5, 0.7)}
        runs = [
            summary.Run(name, 10, seed, of[seed - 1], None if name == "frozen features" else trained)
            for name, of in accuracy.items()
            for seed in (2, 1)
        ]
        assert summary.comparisons(list(accuracy)) == [
            ("all weights", "frozen features"),
            ("LoRA of rank 1", "all weights"),
        ]
        assert summary.within_a_seed(runs, "all weights", "frozen features", 10, [1, 2]) == pytest.approx([0.1, 0.3])
        text = summary.classification_table(runs, "title")
        assert "| frozen features | 0.500 ± 1.271 |" in text  # 12.71 * 0.1414 / sqrt(2)
        assert "| *LoRA of rank 1 − all weights* | -0.100 ± 1.271 (positive in 0 of 2) |" in text

    def test_deviations(self, load):
        by_order, by_seed = load("summary").deviations([[0.2, 0.4], [0.6, 1.0]])
        assert by_order == pytest.approx(((0.02 + 0.08) / 2) ** 0.5)
        assert by_seed == pytest.approx(0.125**0.5)  # of 0.3 and 0.8

    def test_no_shots_are_one_value_for_all_seeds(self, load):
        summary, answers = load("summary"), load("in_context").Answers
        runs = [
            summary.InContext("past", 1, answers({0: 0.1, 8: 0.5}, (0.5, 0.5), {"arrow": 0.5})),
            summary.InContext("past", 2, answers({8: 0.7}, (0.5, 0.5), {"arrow": 0.5})),
        ]
        text = summary.shots_table(runs, [], "title")
        assert "| past | 0.100 | 0.600 ± 1.271 |" in text
        assert "| 8 shots − 0 shots | 0.500 ± 1.271 (positive in 2 of 2) |" in text
