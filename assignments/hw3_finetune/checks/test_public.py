"""The public checks: small examples of what the handout asks for, one or two for each function.

They show where you stand and carry no points. The hidden checks ask the same questions with other inputs, and more.
"""

import numpy as np

from grader.judge import Ask, check_that, close, problem

# ---- Problem 1: what to tune


@problem("1", visibility="public")
def test_example_of_two_blocks(ask: Ask) -> None:
    """In a GPT-2 of five blocks: first are 0 and 1, last are 3 and 4, middle are 1 and 2; only they are trained."""
    for mode in ("first", "last", "middle"):
        answer = ask("parameters_to_fine_tune", architecture="gpt2", blocks=5, mode=mode)
        answer.same_as_reference(only="returned", hint="blocks(model)[k].parameters(), of the mode's two blocks.")
        hint = "Freeze the model with requires_grad_(False), then set it again on what you return."
        answer.same_as_reference(only=["trainable", "values changed"], hint=hint)


@problem("1", visibility="public")
def test_example_of_all_and_lora(ask: Ask) -> None:
    """All is each parameter once; lora is A and B of two layers; a new head comes along; what is returned is a list."""
    answer = ask("parameters_to_fine_tune", architecture="gpt2", blocks=2, mode="all", head=True)
    answer.same_as_reference(only="returned", hint="model.parameters() names a shared tensor once.")
    check_that(
        answer["type"] in ("list", "tuple"),
        came=answer["type"],
        expected="list",
        hint="A generator is empty after it was read once. list(...) makes a list of it.",
    )
    paths = ["model.layers.0.self_attn.q_proj", "model.layers.2.self_attn.v_proj"]
    question = {"architecture": "llama", "blocks": 3, "lora_in": paths, "head": True}
    answer = ask("parameters_to_fine_tune", **question, mode="lora")
    hint = "Every module with the attributes base, A and B; and the parameters of model.head if there is one."
    answer.same_as_reference(only=["returned", "trainable"], hint=hint)
    ask.raises("ValueError", "parameters_to_fine_tune", **question, mode="everything", hint="There are five modes.")
    ask.raises("ValueError", "parameters_to_fine_tune", architecture="gpt2", blocks=1, mode="last")


# ---- Problem 2: the loss of a language model

# The handout's example: one sequence of four tokens out of a vocabulary of three, and logits that are logarithms.
LOGITS = np.log(np.array([[[0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.125, 0.125, 0.75], [0.25, 0.25, 0.5]]]))
TARGETS = np.array([[0, 1, 2, 2]])


@problem("2", visibility="public")
def test_example_of_the_loss(ask: Ask) -> None:
    """The handout's four tokens have the loss (log 2 + log 4 + log 4/3) / 3 = 0.7890; two of three are right."""
    answer = ask("lm_loss", logits=LOGITS, targets=TARGETS)
    hint = (
        "Position t predicts token t + 1: logits[:, :-1] against targets[:, 1:]. A cross-entropy over the vocabulary, "
        "which takes logits; the mean over all tokens."
    )
    close(answer.value, np.array(np.log(2 * 4 * 4 / 3) / 3), atol=1e-9, what="the loss", hint=hint)
    accuracy = ask("lm_accuracy", logits=LOGITS, targets=TARGETS)
    close(accuracy.value, 2 / 3, atol=1e-6, what="the accuracy", hint="argmax over the last axis, for token t + 1.")


@problem("2", visibility="public", needs=["test_example_of_the_loss"])
def test_example_of_ignored_targets(ask: Ask) -> None:
    """With the targets (0, -100, 2, 2) in one row and one token that counts in another, three tokens count alike."""
    logits = np.concatenate([LOGITS, LOGITS[:, ::-1]])
    targets = np.array([[0, -100, 2, 2], [-100, -100, -100, 0]])
    hint = "The mean of the three terms log 4, log 4/3 and log 2, one for each token that counts: 0.7890 again."
    answer = ask("lm_loss", logits=logits, targets=targets)
    close(answer.value, np.array(np.log(4 * 4 / 3 * 2) / 3), atol=1e-9, what="the loss", hint=hint)
    accuracy = ask("lm_accuracy", logits=logits, targets=targets)
    close(accuracy.value, 2 / 3, atol=1e-6, what="the accuracy", hint="Over the same three tokens.")
    for probe in ("lm_loss", "lm_accuracy"):
        ask.raises("ValueError", probe, logits=LOGITS, targets=np.array([[1, -100, -100, -100]]), hint="None counts.")


# ---- Problem 3: batches

PROMPTS, COMPLETIONS = ["ab ->", "c"], [" de", " f"]


@problem("3", visibility="public")
def test_example_of_a_batch(ask: Ask) -> None:
    """Two rows of nine and four tokens; the second is padded by five, with mask 0 and label -100."""
    answer = ask("tokenize_batch", texts=PROMPTS, completions=COMPLETIONS, eos=7, pad=3)
    hint = "Prompt, completion, end of text, and no other special token; then padding on the right."
    answer.same_as_reference(only=["input_ids", "attention_mask"], hint=hint)
    hint = (
        "-100 on the prompt's tokens and on padding; the completion's tokens and the end of text are their own labels."
    )
    answer.same_as_reference(only="labels", hint=hint)


@problem("3", visibility="public", needs=["test_example_of_a_batch"])
def test_example_of_padding_with_the_end_of_text(ask: Ask) -> None:
    """If there is no padding token, the end of text is used: as padding it has no label, at the end it has."""
    hint = "Write the labels by position: a token alone does not say whether it is padding."
    ask("tokenize_batch", texts=PROMPTS, completions=COMPLETIONS, eos=7).same_as_reference(hint=hint)
    ask.raises("ValueError", "tokenize_batch", texts=[], completions=[], eos=7, hint="No example is no batch.")
    ask.raises("ValueError", "tokenize_batch", texts=PROMPTS, completions=COMPLETIONS[:1], eos=7)


# ---- Problem 4: LoRA

# Two inputs, three outputs, rank 1: A B^T = [[1, 2, 0], [3, 6, 0]].
FACTORS = {"A": np.array([[1.0], [3.0]]), "B": np.array([[1.0], [2.0], [0.0]])}
LAYER = {"weight": np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), "bias": np.array([0.5, 0.0, 0.0])}
X = np.array([[1.0, 2.0], [0.0, 1.0]])


@problem("4", visibility="public")
def test_example_of_a_new_layer(ask: Ask) -> None:
    """A new layer computes what its base does: A is random, B is 0, and only they are trained."""
    for kind in ("linear", "conv1d"):
        answer = ask("lora_at_the_start", kind=kind, **LAYER, rank=2)
        hint = (
            "Parameters A (d_in, r) and B (d_out, r) in the base's dtype: for an nn.Linear d_in is the second size of "
            "its weight."
        )
        answer.same_as_reference(only=["shapes", "dtypes", "are parameters"], hint=hint)
        hint = (
            "B = 0 at the start; A random; requires_grad_(False) on the base. base(x) + x A B^T is base(x) as long as "
            "B is 0."
        )
        answer.same_as_reference(only=["all zero", "trainable", "base kept"], hint=hint)
        ask("lora_outputs_at_the_start", kind=kind, **LAYER, rank=2, x=X).same_as_reference(hint=hint)
        bad = answer["rows or columns of A that are 0 or equal"]
        check_that(bad == 0, came=f"{bad} rows or columns of A are 0 or equal", expected="a random matrix")
    ask.raises("ValueError", "lora_of", kind="linear", rank=0)
    ask.raises("TypeError", "lora_of", kind="dropout", rank=2)


@problem("4", visibility="public", needs=["test_example_of_a_new_layer"])
def test_example_of_the_product(ask: Ask) -> None:
    """For x = (1, 2) the base gives (1.5, 2, 0) and x A B^T is (7, 14, 0): together (8.5, 16, 0)."""
    for kind in ("linear", "conv1d"):
        answer = ask("lora_outputs", kind=kind, **LAYER, **FACTORS, x=X)
        hint = "base(x) + x @ A @ B.T, not scaled."
        close(answer.value, np.array([[8.5, 16.0, 0.0], [3.5, 7.0, -1.0]]), atol=1e-9, what="y", hint=hint)
        gradients = ask("lora_gradients", kind=kind, **LAYER, **FACTORS, x=X, upstream=np.ones((2, 3)))
        close(gradients["A"], np.array([[3.0], [9.0]]), atol=1e-9, what="the gradient of A", hint="x^T upstream B.")
        gradients.same_as_reference(only=["B", "x", "of the base"], hint="Only the base's own parameters are frozen.")


@problem("4", visibility="public", needs=["test_example_of_the_product"])
def test_example_of_merging(ask: Ask) -> None:
    """Merged, the weight is W plus the product, as a layer of the base's kind; the LoRA layer stays as it is."""
    for kind in ("linear", "conv1d"):
        answer = ask("lora_merged", kind=kind, **LAYER, **FACTORS, x=X)
        close(answer["weight"], np.array([[2.0, 2.0, 2.0], [3.0, 7.0, -1.0]]), atol=1e-9, what="the weight")
        hint = (
            "copy.deepcopy of the base, and the product added to the copy's weight, transposed for an nn.Linear. The "
            "bias stays."
        )
        answer.same_as_reference(only=["kind", "bias", "y", "side effects"], hint=hint)


# ---- Problem 5: training and evaluation

MATRICES = {
    "block 0": np.array([[0.5, -0.25], [0.25, 0.75]]),
    "block 1": np.array([[1.0, 0.5], [-0.5, 0.25], [0.5, 0.5]]),
    "block 2": np.array([[0.25, 0.5, -0.5], [0.75, -0.25, 0.5]]),
    "block 3": np.array([[0.5, 1.0], [1.0, -0.5]]),
    "head": np.array([1.0, -0.5]),
}
ROWS = np.array([[1.0, 0.5], [-0.5, 1.0], [0.25, -1.0], [1.0, 1.0], [0.5, -0.5], [-1.0, 0.25]])
WANTED = np.array([0.5, -0.25, 1.0, 0.0, -0.5, 0.75])
NEEDS = ["test_example_of_two_blocks", "test_example_of_all_and_lora"]


def cut(*sizes: int) -> list[list[np.ndarray]]:
    """Batches of so many rows."""
    ends = np.cumsum(sizes)
    return [[ROWS[end - n : end], WANTED[end - n : end]] for end, n in zip(ends, sizes, strict=True)]


@problem("5", visibility="public", needs=NEEDS)
def test_example_of_training(ask: Ask) -> None:
    """Two batches make two updates, by AdamW, of what the mode names; the model goes back to its former mode."""
    for mode in ("all", "last"):
        answer = ask("fine_tune", matrices=MATRICES, batches=cut(3, 3), mode=mode)
        hint = "For each batch: zero_grad, loss, backward, step; AdamW over what parameters_to_fine_tune returns."
        answer.same_as_reference(only=["gradients", "matrices", "optimiser", "held by the optimiser"], hint=hint)
        answer.same_as_reference(only=["with optimiser state", "losses"], hint="The mean loss before each update.")
        hint = "model.train() before, and model.train(was_training) at the end."
        answer.same_as_reference(only="use of the model", hint=hint)


@problem("5", visibility="public", needs=["test_example_of_training"])
def test_example_of_accumulation(ask: Ask) -> None:
    """With accumulation 2, micro-batches of 1, 2, 2 and 1 rows make two updates: those of two batches of three."""
    answer = ask("fine_tune", matrices=MATRICES, batches=cut(1, 2, 2, 1), accumulation=2)
    hint = "Each micro-batch counts by n_i / (n_1 + ... + n_g). zero_grad and step once for g micro-batches."
    answer.same_as_reference(only=["gradients", "matrices", "losses"], hint=hint)
    events = [event for event in answer["events"] if event != "take"]
    expected = ["forward", "backward", "forward", "backward", "update"] * 2
    hint = "Call backward() on each micro-batch at once: gradients add up by themselves."
    check_that(events == expected, came=", ".join(events), expected=", ".join(expected), hint=hint)
    answer = ask("fine_tune", matrices=MATRICES, batches=cut(2, 2, 2), accumulation=2)
    answer.same_as_reference(only=["gradients", "matrices"], hint="What is left over makes a last, smaller update.")


@problem("5", visibility="public")
def test_example_of_evaluation(ask: Ask) -> None:
    """Batches of five answers and of one count by their answers, without dropout and without gradients."""
    signs = np.array([1.0, 1.0, -1.0, 1.0, -1.0, 1.0])
    asked = [[ROWS[:5], signs[:5]], [ROWS[5:], signs[5:]]]
    answer = ask("evaluate", matrices=MATRICES, batches=asked)
    answer.same_as_reference(only="accuracy", hint="The sum of share * n over the sum of n.")
    for training in (True, False):
        answer = ask("evaluate", matrices=MATRICES, batches=asked, training=training)
        hint = "model.eval() and torch.inference_mode(), and the former mode at the end."
        answer.same_as_reference(only="use of the model", hint=hint)


# Two animals (0) and two places (1), as MiniLM's tokens between [CLS] and [SEP].
TEXTS = [
    [101, 1037, 4743, 1997, 1996, 2712, 102],  # a bird of the sea
    [101, 1037, 2237, 1999, 2642, 3304, 102],  # a town in northern Italy
    [101, 1037, 3869, 2007, 4629, 4091, 102],  # a fish with sharp teeth
    [101, 1996, 3007, 2103, 1997, 7304, 102],  # the capital city of Peru
]


@problem("5", visibility="public", needs=["test_example_of_accumulation"], weights=("minilm",))
def test_example_of_fine_tuning_minilm(ask: Ask) -> None:
    """MiniLM itself learns four texts by heart: three updates with the losses 0.7020, 0.5780 and 0.3928."""
    texts = np.array(TEXTS)
    batches = [
        {"input_ids": texts[of], "attention_mask": np.ones_like(texts[of]), "labels": np.array(kinds)}
        for of, kinds in (([0, 1, 2], [0, 1, 0]), ([3], [1]))
    ]
    head = np.linspace(-0.05, 0.05, 2 * 384, dtype=np.float32).reshape(2, 384)
    question = {"train": batches * 3, "head": head, "mode": "last", "learning_rate": 1e-3, "accumulation": 2}
    hint = "If the small network's losses are right, look for what depends on the model's size or kind."
    ask("minilm_losses", **question).same_as_reference(atol=1e-3, hint=hint)


# ---- Problem 6: learning in context


@problem("6", visibility="public")
def test_example_of_prompts(ask: Ask) -> None:
    """Two shots and none, in each of the three forms."""
    expected = {
        "plain": "France Paris\nItaly Rome\nPeru",
        "arrow": "France -> Paris\nItaly -> Rome\nPeru ->",
        "question": "Q: France\nA: Paris\n\nQ: Italy\nA: Rome\n\nQ: Peru\nA:",
    }
    alone = {"plain": "Peru", "arrow": "Peru ->", "question": "Q: Peru\nA:"}
    hint = "Compare repr(yours) with the table. Nothing follows the last sign: no space, no line break."
    for mode in expected:
        support = [["France", "Paris"], ["Italy", "Rome"]]
        for shots, right in ((support, expected[mode]), ([], alone[mode])):
            came = ask("build_prompt", support=shots, query="Peru", mode=mode).value
            check_that(came == right, came=repr(came), expected=repr(right), hint=hint)
    ask.raises("ValueError", "build_prompt", support=[], query="Peru", mode="story")


# After tokens whose sum is s, the table model goes on with the token FOLLOWING[s % 5].
FOLLOWING = [2, 1, 4, 3, 1]
TABLE = np.where(np.arange(5) == np.array(FOLLOWING)[:, None], 2.0, np.array([0.5, 0.0, 0.25, 1.0, 0.75]))


@problem("6", visibility="public")
def test_example_of_greedy_decoding(ask: Ask) -> None:
    """After the prompt (3, 2) the table model says 2, 4, 1, 4, ...; it stops before a stop token, or at the limit."""
    question = {"table": TABLE, "prompt": [3, 2]}
    hint = (
        "All tokens each time, or the cache and only the new token; the logits of the last position; argmax. A stop "
        "token ends it and is left out, and so is the prompt."
    )
    for stop, limit, tokens in (([0], 4, [2, 4, 1, 4]), ([1], 9, [2, 4]), ([2], 9, []), ([0], 0, [])):
        answer = ask("greedy_decode", **question, stop_tokens=stop, max_new_tokens=limit)
        close(answer["tokens"], tokens, what="the tokens", atol=0, hint=hint)
    for training in (True, False):
        answer = ask("greedy_decode", **question, stop_tokens=[0], max_new_tokens=2, training=training)
        hint = "model.eval() and torch.inference_mode() meanwhile, and the former mode at the end."
        answer.same_as_reference(only="use of the model", hint=hint)
    ask.raises("ValueError", "greedy_decode", **{**question, "prompt": []}, stop_tokens=[0], max_new_tokens=2)
