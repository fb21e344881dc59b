"""Problem 2: the loss of a language model."""

import numpy as np

from grader.judge import Ask, close, problem

LOSS = "test_the_loss_is_of_the_next_token"
IGNORED = "test_ignored_targets_do_not_count"


def drawn(ask: Ask, batch: int, length: int, words: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits (B, T, V) and targets (B, T), none of them ignored."""
    return 2 * ask.rng.normal(size=(batch, length, words)), ask.rng.integers(words, size=(batch, length))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def by_hand(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The loss token by token: an oracle that shares nothing with PyTorch."""
    terms = [
        -log_softmax(logits[b, t])[targets[b, t + 1]]
        for b in range(targets.shape[0])
        for t in range(targets.shape[1] - 1)
        if targets[b, t + 1] != -100
    ]
    return np.array(np.mean(terms))


@problem("2", points="3/2")
def test_the_loss_is_of_the_next_token(ask: Ask) -> None:
    """The loss is the mean cross-entropy between the logits at t and the token at t + 1."""
    hint = (
        "logits[:, :-1] against targets[:, 1:]: the last position predicts nothing. A cross-entropy over the "
        "vocabulary, which takes logits, and its mean over all tokens that count."
    )
    for shape in ((3, 5, 7), (1, 4, 4)):
        logits, targets = drawn(ask, *shape)
        answer = ask("lm_loss_value", logits=logits, targets=targets)
        close(answer.value, float(by_hand(logits, targets)), atol=1e-5, what="the loss", hint=hint)


@problem("2", points="1/2", needs=[LOSS])
def test_the_loss_keeps_the_dtype_also_for_large_logits(ask: Ask) -> None:
    """The loss is a tensor () of the logits' dtype, as exact as that is, and right for large logits."""
    hint = "log_softmax or cross_entropy takes the logits as they are, however large they are, and keeps their dtype."
    logits, targets = drawn(ask, 3, 5, 7)
    large = 400 * logits  # of some tokens the probability is 0 in float64
    for asked, atol in ((logits, 1e-9), (logits.astype("float32"), 1e-5), (large, 1e-6)):
        ask("lm_loss", logits=asked, targets=targets).same_as_reference(atol=atol, hint=hint)
    answer = ask("lm_loss", logits=large, targets=targets)
    close(answer.value, by_hand(large, targets), atol=1e-6, what="the loss", hint=hint)


@problem("2", points=1, needs=[LOSS])
def test_ignored_targets_do_not_count(ask: Ask) -> None:
    """Where the next token's target is -100, the position counts neither in the sum nor in the number."""
    hint = "It is the target that is shifted to, targets[b, t + 1], which says whether position t counts."
    logits, targets = drawn(ask, 3, 6, 5)
    for row, columns in enumerate(([1, 4], [0, 2], [3, 5])):  # two of each row: rows weigh the same
        targets[row, columns] = -100
    targets[1, 0], targets[1, 1] = -100, -100
    targets[1, 2], targets[0, 2] = 3, 0  # token 0 is one like any other
    answer = ask("lm_loss_value", logits=logits, targets=targets)
    close(answer.value, float(by_hand(logits, targets)), atol=1e-5, what="the loss", hint=hint)
    asked = {"function": "lm_loss", "logits": logits, "targets": targets}
    ask("lm_changes", **asked).same_as_reference(hint="Logits and targets stay as they are.")


@problem("2", points=1, needs=[IGNORED])
def test_the_mean_is_over_all_tokens_of_the_batch(ask: Ask) -> None:
    """Each token that counts weighs the same, also where one sequence has many of them and another few."""
    logits, targets = drawn(ask, 3, 9, 4)
    targets[0, 2:], targets[1, :8], targets[2, :1] = -100, -100, -100
    hint = "One mean over all tokens of the batch; the mean of each sequence's mean is another number."
    ask("lm_loss_value", logits=logits, targets=targets).same_as_reference(atol=1e-5, hint=hint)
    targets[1] = -100  # a sequence of which nothing counts
    ask("lm_loss_value", logits=logits, targets=targets).same_as_reference(atol=1e-5, hint=hint)


@problem("2", points=1, needs=[IGNORED], of="gradients")
def test_the_gradient_reaches_the_logits(ask: Ask) -> None:
    """The loss is differentiable in the logits; those that do not count get the gradient 0."""
    logits, targets = drawn(ask, 2, 5, 4)
    targets[0, :2], targets[1, 3] = -100, -100
    hint = "No .item(), .detach() or torch.no_grad() on the way from the logits to the loss."
    gradient = ask("lm_loss_gradient", logits=logits, targets=targets).same_as_reference(hint=hint).value
    direction = ask.rng.normal(size=logits.shape)
    ahead, behind = (by_hand(logits + h * direction, targets) for h in (1e-5, -1e-5))
    slope = float((gradient * direction).sum())
    close(slope, float(ahead - behind) / 2e-5, atol=1e-7, rtol=1e-6, what="the slope", hint=hint)


@problem("2", points="3/2")
def test_the_accuracy_is_of_the_same_tokens(ask: Ask) -> None:
    """The accuracy is the share of tokens that count whose largest logit is the next token's."""
    hint = (
        "argmax over the vocabulary, the last axis, at the positions that the loss counts, against the tokens that "
        "follow them. The share over all of them together."
    )
    logits, targets = drawn(ask, 4, 7, 6)  # as many words as positions: an argmax over either gives an answer
    right = ask.rng.random(size=(4, 6)) < 0.5
    for row, column in np.argwhere(right):  # the logit of the next token is the largest at every second position
        logits[row, column, targets[row, column + 1]] = 9.0
    targets[0, 3:], targets[2, :2] = -100, -100
    counts = targets[:, 1:] != -100
    expected = float((logits[:, :-1].argmax(axis=2) == targets[:, 1:])[counts].mean())
    for question in ({"logits": logits, "targets": targets}, {"logits": logits[:1], "targets": targets[:1]}):
        ask("lm_accuracy", **question).same_as_reference(hint=hint)
    close(ask("lm_accuracy", logits=logits, targets=targets).value, expected, atol=1e-6, hint=hint)
    asked = {"function": "lm_accuracy", "logits": logits, "targets": targets}
    ask("lm_changes", **asked).same_as_reference(hint="Logits and targets stay as they are.")
    logits[0, 0] = logits[0, 0].clip(max=0)
    logits[0, 0, 3], logits[0, 0, 5], targets[0, 1] = 0.5 + 1e-4, 0.5, 5  # nearly as large is not the largest
    ask("lm_accuracy", logits=logits[:1, :2], targets=targets[:1, :2]).same_as_reference(hint=hint)


@problem("2", points="1/2")
def test_nothing_to_predict_is_an_error(ask: Ask) -> None:
    """If no token counts, or there is only one position, there is no mean: a ValueError."""
    logits, targets = drawn(ask, 2, 4, 5)
    two = {"logits": logits[:, :2], "targets": targets[:, :2]}
    for probe in ("lm_loss", "lm_accuracy"):
        ask(probe, **two)  # the second token is predicted: that is enough
    hint = "The first token is predicted by nobody: its target alone does not count. A mean of nothing is NaN."
    targets[:, 1:] = -100
    for probe in ("lm_loss", "lm_accuracy"):
        ask.raises("ValueError", probe, logits=logits, targets=targets, hint=hint)
        ask.raises("ValueError", probe, logits=logits[:, :1], targets=targets[:, :1], hint=hint)
