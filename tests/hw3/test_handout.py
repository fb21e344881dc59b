"""The handout of HW3 says what is so: its signatures, its counts, its worked numbers, its figures."""

from __future__ import annotations

import inspect
import json
import math
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw3_finetune"
SOLUTION = REPO / "solutions" / "hw3_finetune"
HANDOUT = (HERE / "README.md").read_text(encoding="utf-8")
SAID = " ".join(HANDOUT.split())  # without line breaks


@pytest.fixture(scope="module")
def course() -> SimpleNamespace:
    """The reference, the probes on it, the public checks and the shared models, as `course.<module>.<name>`."""
    before = list(sys.path)
    sys.path[:0] = [str(SOLUTION), str(REPO / "assignments" / "language_models")]
    import finetune
    import language_models
    import lora
    import prompts

    probes = SimpleNamespace(**runpy.run_path(str(HERE / "probes.py")))
    public = SimpleNamespace(**runpy.run_path(str(HERE / "checks" / "test_public.py")))
    sys.path[:] = before
    return SimpleNamespace(
        finetune=finetune, lora=lora, prompts=prompts, models=language_models, probes=probes, public=public
    )


def section(number: int) -> str:
    """The handout's section of a problem."""
    (found,) = re.findall(rf"^## Problem {number}: .*?(?=^## )", HANDOUT, re.MULTILINE | re.DOTALL)
    return str(found)


def table(text: str, head: str) -> list[list[str]]:
    """The cells of the table whose first line begins so, below the rule."""
    after = text[text.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in after]


def tensor(values: Any) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def numbers(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_signatures_are_those_of_the_modules(course: SimpleNamespace) -> None:
    calls = re.findall(r"^(?:[\w, ]+ = )?(\w+)\(([\w, ]+)\)(?:  #.*)?$", HANDOUT, re.MULTILINE)
    named = {name: arguments.split(", ") for name, arguments in calls if name not in ("model", "from_hub")}
    modules = (course.finetune, course.lora, course.prompts)
    for name, arguments in named.items():
        (function,) = [vars(module)[name] for module in modules if name in vars(module)]
        assert list(inspect.signature(function).parameters) == arguments
    asked = {
        name
        for module in ("finetune", "lora", "prompts")
        for name in re.findall(
            r'^(?:def|class) (\w+)\((?:(?!^def |^class )[\s\S])*?"""Problem',
            (SOLUTION / f"{module}.py").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }
    assert named.keys() == asked
    defaults = inspect.signature(course.finetune.fine_tune).parameters
    for name, value in (("mode", '"all"'), ("learning_rate", "1e-3"), ("accumulation", "1")):
        assert f"`{name}={value}`" in SAID
        assert defaults[name].default == eval(value)


# ---- The models


def test_the_models_are_as_large_as_it_says(course: SimpleNamespace) -> None:
    from language_models.minilm import ARCHITECTURE, BLOCKS

    with torch.device("meta"):
        encoder = sys.modules["language_models.bert"].Bert(**ARCHITECTURE, blocks=BLOCKS, num_classes=10)
        model = sys.modules["language_models.llama"].Llama(
            vocab_size=49152, width=576, heads=9, kv_heads=3, blocks=30, hidden=1536, tied=True
        )
    trained = {}
    for mode in ("all", "first", "middle", "last"):
        trained[mode] = sum(p.numel() for p in course.finetune.parameters_to_fine_tune(encoder, mode))
    assert numbers(encoder) == trained["all"] == 22_569_226
    assert "| numbers | 22.6 million | 134.5 million |" in HANDOUT
    assert round(numbers(model) / 1e6, 1) == 134.5
    assert "| blocks | 6, of width 384 | 30, of width 576 |" in HANDOUT
    figure = runpy.run_path(str(HERE / "figures" / "draw.py"))
    course.lora.add_lora(encoder, figure["RANK"], ["query", "value"])
    trained["lora"] = sum(p.numel() for p in course.finetune.parameters_to_fine_tune(encoder, "lora"))
    assert {mode: figure["weights_trained"](mode) for mode in trained} == trained
    assert f"22,569,226 numbers, that is {16 * trained['all'] / 1e6:.0f} MB if all are trained" in SAID
    frozen = trained["all"] - 3850  # the head is trained
    assert f"{(4 * frozen + 16 * trained['lora']) / 1e6:.0f} MB if only LoRA factors and the head are" in SAID
    assert f"({trained['lora']:,} of them)" in SAID


def test_the_packages_are_those_that_are_loaded(course: SimpleNamespace) -> None:
    from language_models.weights import MINILM, SMOLLM

    assert f"| package | {MINILM.package} {MINILM.version} | {SMOLLM.package} {SMOLLM.version} |" in HANDOUT


# ---- Problem 1


def test_the_blocks_of_each_mode(course: SimpleNamespace) -> None:
    rows = table(section(1), "| blocks $L$ |")
    assert [row[0] for row in rows] == ["2", "3", "5", "6", "30"]
    for number, *said in rows:
        model = torch.nn.Module()
        model.encoder = torch.nn.Module()
        model.encoder.layer = torch.nn.ModuleList(torch.nn.Linear(1, 1, bias=False) for _ in range(int(number)))
        place = {id(block.weight): at for at, block in enumerate(model.encoder.layer)}
        for mode, blocks in zip(("first", "middle", "last"), said, strict=True):
            found = course.finetune.parameters_to_fine_tune(model, mode)
            assert ", ".join(str(place[id(parameter)]) for parameter in found) == blocks


def test_the_counts_of_the_small_model(course: SimpleNamespace) -> None:
    model = course.probes._small("gpt2", 5)
    assert "has $V = 11$, a width of 8 and five blocks" in SAID
    block = model.transformer.h[0]
    assert "A block has 12 tensors with 872 numbers: 216 and 72 in the attention, 288 and 264 in the two" in SAID
    assert (len(list(block.parameters())), numbers(block)) == (12, 872)
    layers = (block.attn.c_attn, block.attn.c_proj, block.mlp.c_fc, block.mlp.c_proj)
    assert [numbers(layer) for layer in layers] == [216, 72, 288, 264]
    assert numbers(block.ln_1) + numbers(block.ln_2) == 32
    for mode, words, tensors, count in (
        ("last", "two blocks are 24 tensors and 1,744 numbers", 24, 1744),
        ("all", '`"all"` is 64 tensors and 4,720 numbers', 64, 4720),
    ):
        assert words in SAID
        found = course.finetune.parameters_to_fine_tune(model, mode)
        assert (len(found), sum(parameter.numel() for parameter in found)) == (tensors, count)
    assert "`model.state_dict()` has 65 entries" in SAID
    assert len(model.state_dict()) == 65


# ---- Problem 2


def test_the_loss_of_the_worked_example(course: SimpleNamespace) -> None:
    logits, targets = tensor(course.public.LOGITS), torch.tensor(course.public.TARGETS)
    assert "The targets are 0, 1, 2, 2." in SAID
    assert targets.tolist() == [[0, 1, 2, 2]]
    fractions = {"¼": 1 / 4, "½": 1 / 2, "¾": 3 / 4, "⅛": 1 / 8}
    rows = table(section(2), "| $t$ |")
    for t, (_, shown, following, term, hit) in enumerate(rows):
        softmax = torch.softmax(logits[0, t], dim=0)
        assert softmax.tolist() == pytest.approx([fractions[part] for part in shown.split(", ")])
        if t == 3:
            assert (following, term, hit) == ("none", "", "")
            continue
        assert int(following) == targets[0, t + 1]
        assert float(term) == pytest.approx(-math.log(softmax[int(following)]), abs=5e-5)
        assert hit == ("yes" if softmax.argmax() == int(following) else "no")
    loss = course.finetune.lm_loss(logits, targets).item()
    assert "The loss is $2.3671 / 3 = 0.7890$ and the accuracy 2/3." in SAID
    assert (3 * loss, loss) == pytest.approx((2.3671, 0.7890), abs=5e-5)
    assert float(course.finetune.lm_accuracy(logits, targets)) == pytest.approx(2 / 3)
    assert "If you see 0.9384, you compared position $t$ with token $t$" in SAID
    unshifted = torch.nn.functional.cross_entropy(logits[0], targets[0]).item()
    assert unshifted == pytest.approx(0.9384, abs=5e-5)


# ---- Problem 3


def test_the_batch_of_the_worked_example_and_of_its_figure(course: SimpleNamespace) -> None:
    batch = course.probes.tokenize_batch(course.public.PROMPTS, course.public.COMPLETIONS, eos=7, pad=3)
    (block,) = re.findall(r"```text\n(.*?)```", section(3), re.DOTALL)
    shown = re.findall(r"^([a-z_]+)\n(.*)\n(.*)$", block, re.MULTILINE)
    assert {name: [list(map(int, row.split())) for row in rows] for name, *rows in shown} == {
        name: tensor.tolist() for name, tensor in batch.items()
    }
    for text in (*course.public.PROMPTS, *course.public.COMPLETIONS):
        assert f'`"{text}"`' in SAID
    assert "In this batch 7 tokens count" in SAID
    assert int((batch["labels"][:, 1:] != -100).sum()) == 7
    figure = runpy.run_path(str(HERE / "figures" / "draw.py"))
    assert [[number for _, number in row] for row in figure["PIECES"]] == batch["input_ids"].tolist()
    assert list(figure["LENGTHS"]) == batch["attention_mask"].sum(dim=1).tolist() == [9, 4]
    answers = (batch["labels"] != -100).sum(dim=1)
    assert list(figure["PROMPT_LENGTHS"]) == (batch["attention_mask"].sum(dim=1) - answers).tolist()


def test_padding_of_smollm_is_its_end_of_text(course: SimpleNamespace) -> None:
    tokenizer = course.models.smollm_tokenizer()
    assert "SmolLM2 is of this kind: token 2 is both" in SAID
    assert (tokenizer.eos_token_id, tokenizer.pad_token_id) == (2, 2)


# ---- Problem 4


def test_the_counts_of_two_layers(course: SimpleNamespace) -> None:
    with torch.device("meta"):
        block = sys.modules["language_models.llama"].Block(576, 9, 3, 1536, 10000.0, 1e-5, 0.0)
        layers = {name: getattr(block.self_attn, name) for name in ("q_proj", "v_proj")}
        factors = {name: course.lora.LoRALinear(layer, 4) for name, layer in layers.items()}
    rows = {name: cells for name, *cells in table(section(4), "| numbers in |")}
    for column, (name, layer) in enumerate(factors.items()):

        def last(row: str, column: int = column) -> str:
            return rows[row][column].split(" = ")[-1]

        whole, both = layers[name].weight.numel(), layer.A.numel() + layer.B.numel()
        assert last("$W$") == f"{whole:,}"
        assert last("$A$") == f"{layer.A.numel():,}"
        assert last("$B$") == f"{layer.B.numel():,}"
        assert last("$A$ and $B$") == f"{both:,}"
        assert last("share of $W$") == f"{both / whole:.1%}".replace("%", " %")
    for row in ("$W$", "$A$", "$B$"):
        for cell in rows[row]:
            left, right = cell.split(" = ")
            assert math.prod(map(int, left.split(" · "))) == int(right.replace(",", ""))
    assert "On both layers of eight blocks, as in problem 7, that makes 61,440 numbers beside 134.5 million" in SAID
    assert 8 * sum(layer.A.numel() + layer.B.numel() for layer in factors.values()) == 61_440


def test_the_lora_layer_of_the_worked_example(course: SimpleNamespace) -> None:
    factors = {name: tensor(value) for name, value in course.public.FACTORS.items()}
    layer = {name: tensor(value) for name, value in course.public.LAYER.items()}
    matrices = [
        tensor([[float(entry) for entry in row.split("&")] for row in matrix.split(r"\\")])
        for matrix in re.findall(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", section(4))
    ]
    assert torch.equal(matrices[0], layer["weight"])
    assert torch.equal(matrices[1], factors["A"])
    assert "with $B = (1, 2, 0)^\\top$ and the bias $(0.5, 0, 0)$" in SAID
    assert factors["B"].flatten().tolist() == [1, 2, 0]
    assert layer["bias"].tolist() == [0.5, 0, 0]
    x = tensor(course.public.X)
    assert "$x W = (1, 2, 0)$, and with the bias the base gives $(1.5, 2, 0)$" in SAID
    assert (x @ layer["weight"])[0].tolist() == [1, 2, 0]
    assert (x @ layer["weight"] + layer["bias"])[0].tolist() == [1.5, 2, 0]
    assert "$xA = 1 \\cdot 1 + 2 \\cdot 3 = 7$, so $x A B^\\top = (7, 14, 0)$" in SAID
    assert (x @ factors["A"] @ factors["B"].T)[0].tolist() == [7, 14, 0]
    assert "together $y = (8.5, 16, 0)$" in SAID
    assert "For $x = (0, 1)$ it is $(3.5, 7, -1)$" in SAID
    for kind in ("linear", "conv1d"):
        y = course.probes.lora_outputs(kind, **layer, **factors, x=x)
        assert y.tolist() == [[8.5, 16, 0], [3.5, 7, -1]]
        upstream = torch.ones(2, 3, dtype=torch.float64)
        gradients = course.probes.lora_gradients(kind, **layer, **factors, x=x.clone(), upstream=upstream)
        assert gradients["A"].flatten().tolist() == [3, 9]
        assert gradients["B"].flatten().tolist() == [10, 10, 10]
        assert torch.equal(course.probes.lora_merged(kind, **layer, **factors, x=x)["weight"], matrices[2])
    assert "= (3, 9)^\\top$" in SAID
    assert "= (10, 10, 10)^\\top$" in SAID


# ---- Problem 5


def trained(course: SimpleNamespace, sizes: tuple[int, ...], accumulation: int) -> list[float]:
    matrices = {name: tensor(matrix) for name, matrix in course.public.MATRICES.items()}
    batches = [[tensor(x), tensor(y)] for x, y in course.public.cut(*sizes)]
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return list(course.probes.fine_tune(matrices, batches, accumulation=accumulation)["losses"])
    finally:
        torch.set_default_dtype(before)


def test_the_losses_of_accumulation(course: SimpleNamespace) -> None:
    (listed,) = re.findall(r"squared errors ([\d., ]+?) at the start", SAID)
    rows = [float(number) for number in listed.split(", ")]
    errors = [trained(course, (at, 1), 1) for at in range(1, 6)]  # the first update's loss is that of the start
    assert rows[0] == pytest.approx(trained(course, (1,), 1)[0], abs=5e-5)
    for n, (first, _) in enumerate(errors, start=1):
        assert sum(rows[:n]) / n == pytest.approx(first, abs=5e-5)
    assert sum(rows) / 6 == pytest.approx(trained(course, (6,), 1)[0], abs=5e-5)
    parts = table(section(5), "| | $n_i$ |")
    assert [row[1:] for row in parts] == [["1", "0.0254", "1/3"], ["2", "0.4223", "2/3"]]
    assert sum(rows[1:3]) / 2 == pytest.approx(0.4223, abs=1e-4)
    assert "$(0.0254 + 2 \\cdot 0.4223) / 3 = 0.2900$" in SAID
    assert "mean of the two losses is 0.2238" in SAID
    assert "The loss of the second update is 0.9946" in SAID
    losses = trained(course, (1, 2, 2, 1), 2)
    assert losses == pytest.approx([0.2900, 0.9946], abs=5e-5)
    assert losses == pytest.approx(trained(course, (3, 3), 1))
    mean_of_means = (0.0254 + 0.4223) / 2
    assert mean_of_means == pytest.approx(0.2238, abs=1e-4)
    assert len(trained(course, (2, 2, 2), 2)) == 2


def test_the_accuracy_over_unequal_batches(course: SimpleNamespace) -> None:
    source = inspect.getsource(course.public.test_example_of_evaluation)
    (signs,) = re.findall(r"signs = np\.array\((\[.*?\])\)", source)
    matrices = {name: tensor(matrix) for name, matrix in course.public.MATRICES.items()}
    x, sign = tensor(course.public.ROWS), tensor(eval(signs))
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        shares = [
            course.probes.evaluate(matrices, batches)["accuracy"]
            for batches in ([[x[:5], sign[:5]]], [[x[5:], sign[5:]]], [[x[:5], sign[:5]], [x[5:], sign[5:]]])
        ]
    finally:
        torch.set_default_dtype(before)
    assert "a batch of five answers has the share 2/5, and a batch of one has 0" in SAID
    assert "$(5 \\cdot 0.4 + 1 \\cdot 0) / 6 = 1/3$, not 0.2" in SAID
    assert shares == pytest.approx([2 / 5, 0, 1 / 3])


# ---- Problem 6


def test_the_prompts_of_the_worked_example(course: SimpleNamespace) -> None:
    support = [("France", "Paris"), ("Italy", "Rome")]
    columns, block = re.findall(r"```text\n(.*?)```", section(6), re.DOTALL)
    made = [course.prompts.build_prompt(support, "Peru", mode) for mode in ("plain", "arrow", "question")]
    assert [eval(line) for line in block.splitlines()] == made
    left, right = zip(*(re.split(r" {3,}", line) for line in columns.splitlines()), strict=True)
    assert ["\n".join(left), "\n".join(right)] == made[:2]


def test_the_tokens_with_and_without_a_space(course: SimpleNamespace) -> None:
    tokenizer = course.models.smollm_tokenizer()
    for words, text, tokens in (
        ('`"Peru ->"` is the tokens 7669, 101, 4722', "Peru ->", [7669, 101, 4722]),
        ('`" Lima"` is the single token 40781', " Lima", [40781]),
        ("as the token 216", "Peru -> ", [7669, 101, 4722, 216]),
        ("two rare tokens, 60 and 9508", "Lima", [60, 9508]),
    ):
        assert words in SAID
        assert tokenizer.encode(text, add_special_tokens=False) == tokens


def test_the_steps_of_greedy_decoding(course: SimpleNamespace) -> None:
    logits = tensor(course.public.TABLE)
    assert f"with {', '.join(map(str, course.public.FOLLOWING))} for" in SAID
    rows = table(section(6), "| tokens so far |")
    for before, total, rest, following in rows:
        prompt = [int(token) for token in before.split(", ")]
        assert sum(prompt) == int(total)
        assert sum(prompt) % 5 == int(rest)
        answer = course.probes.greedy_decode(logits, prompt, [0], 1)
        assert answer["tokens"] == [int(following)]
    assert "`max_new_tokens=4` gives `[2, 4, 1, 4]`" in SAID
    assert "with the stop token 1 it is `[2, 4]`, and with the stop token 2 it is `[]`" in SAID
    for stop, limit, tokens in (([0], 4, [2, 4, 1, 4]), ([1], 9, [2, 4]), ([2], 9, [])):
        assert course.probes.greedy_decode(logits, [3, 2], stop, limit)["tokens"] == tokens


# ---- Problem 7, and the figures


DEFAULTS = """
import json, experiment
options = experiment.arguments([])
print(json.dumps({
    "defaults": {
        "--modes": experiment.WAYS, "--examples": options.on_texts.examples, "--shots": options.on_words.shots,
        "--seeds": options.seeds, "--workers": [options.workers], "--out": [str(options.out)],
    },
    "tasks": len(options.on_words.tasks), "rate": options.on_texts.learning_rate,
    "tuned": [options.on_words.rank, options.on_words.tuned_blocks], "figures": experiment.FIGURES,
}))
"""


def test_the_options_of_the_experiment_and_their_defaults() -> None:
    """Asked in a process of its own: other homeworks have modules of the same names."""
    answer = subprocess.run(
        [sys.executable, "-c", DEFAULTS], cwd=HERE, capture_output=True, text=True, check=True, timeout=120
    )
    found = json.loads(answer.stdout)
    rows = {name.strip("`"): default for name, default, _ in table(section(7), "| option |")}
    said = {name: default.strip("`").split() for name, default in rows.items() if default.startswith("`")}
    assert said == {name: [str(value) for value in values] for name, values in found["defaults"].items()}
    assert (rows["--tasks"], found["tasks"]) == ("all four", 4)
    assert (rows["--learning-rate"], found["rate"]) == ("one for each mode", None)
    assert "with LoRA of rank 4 in its last eight blocks" in SAID
    assert found["tuned"] == [4, 8]
    for figure in found["figures"]:
        assert f"`{figure}`" in SAID


def test_the_loss_of_guessing() -> None:
    assert "$\\log 10 = 2.30$" in SAID
    assert math.log(10) == pytest.approx(2.30, abs=5e-3)


def test_the_figures_can_be_drawn_again(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    runpy.run_path(str(HERE / "figures" / "draw.py"))["main"](tmp_path)
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {path.name for path in (HERE / "figures").glob("*.png")}


# ---- The rubric's own numbers


def test_the_numbers_of_question_8a() -> None:
    rubric = " ".join((SOLUTION / "rubric.md").read_text(encoding="utf-8").split())
    d_in, d_out = 576, 192
    assert "from $r = 144$ on" in rubric
    assert (d_in * d_out) / (d_in + d_out) == 144
    assert "89,856 of 110,592 at $r = 144$, and all of them at $r = 192$" in rubric
    assert [r * (d_in + d_out - r) for r in (144, 192)] == [89_856, d_in * d_out]
    assert "8/576 = 1.4 %" in rubric
    share = 8 / 576
    assert f"{share:.1%}" == "1.4%"


def test_the_gradients_and_the_first_step_of_question_8a() -> None:
    generator = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    d_in, d_out, r = 6, 4, 2
    x, weight, a, b = drawn(5, d_in), drawn(d_in, d_out), drawn(d_in, r), drawn(d_out, r)
    whole = (weight + a @ b.T).requires_grad_()
    (g,) = torch.autograd.grad(torch.tanh(x @ whole).square().sum(), whole)
    a.requires_grad_(), b.requires_grad_()
    of_a, of_b = torch.autograd.grad(torch.tanh(x @ (weight + a @ b.T)).square().sum(), (a, b))
    assert torch.allclose(of_a, g @ b)
    assert torch.allclose(of_b, g.T @ a)
    many = drawn(20_000, d_in, r) / d_in**0.5
    average = (many @ many.transpose(1, 2)).mean(dim=0)
    assert torch.allclose(average, r / d_in * torch.eye(d_in, dtype=torch.float64), atol=0.01)


def test_the_best_of_ten_orders_of_question_8c() -> None:
    best = torch.randn(200_000, 10, generator=torch.Generator().manual_seed(0)).amax(dim=1).mean()
    assert best.item() == pytest.approx(1.54, abs=0.01)
    assert math.factorial(8) == 40_320
