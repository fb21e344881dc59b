"""Problem 4: the loss of the query."""

import numpy as np

from grader.judge import Ask, check_that, close, problem, varies

# Logits of a query, and the labels 1, 2, 0: over the wrong axis the loss is 2.1553.
PINNED, CYCLE, LOSS = [[1.5, -2.0, -2.0], [2.0, 0.0, 3.0], [1.0, 2.5, 3.0]], [1, 2, 0], 2.154203


def episodes(rng: np.random.Generator, count: int, rows: int, ways: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits of all sizes, and labels in another order in each row: (count, rows, ways, ways) each."""
    orders = rng.permuted(np.tile(np.arange(ways), (count, rows, 1)), axis=-1)
    sizes = 10.0 ** rng.uniform(-1, 1.5, size=(count, rows, ways, 1))
    return sizes * rng.normal(size=(count, rows, ways, ways)), np.eye(ways)[orders]


@problem("4", points="3/2")
def test_loss_is_the_cross_entropy_of_the_query(ask: Ask) -> None:
    """The loss is the mean cross-entropy over the query images, with the softmax over the classes."""
    hint = "Of the last row only; the class is the last axis of logits and labels; the mean over B N images."
    for count, rows, ways, wrong in ((5, 4, 3, 0), (1, 3, 4, 60)):  # the second time, the loss is large
        logits, labels = episodes(ask.rng, count, rows, ways)
        ask("query_loss", logits=logits - wrong * labels, labels=labels).same_as_reference(hint=hint)
    logits, labels = episodes(ask.rng, 1, 3, 3)
    logits[0, -1], labels[0, -1] = PINNED, np.eye(3)[CYCLE]
    close(ask("query_loss", logits=logits, labels=labels).value, np.array(LOSS), atol=1e-6, hint=hint)
    logits, labels = episodes(ask.rng, 2, 2, 5)
    answer = ask("query_loss", logits=(logits / 16).astype(np.float32), labels=labels.astype(np.float32))
    answer.same_as_reference(atol=1e-5, hint=hint)


@problem("4", points="1/2")
def test_equal_logits_lose_log_n(ask: Ask) -> None:
    """Where all logits are equal, the loss is log N, however large they are."""
    for ways, logit, hint in (
        (3, 0.7, "-log(1/N): a mean over images, the natural logarithm."),
        (7, -0.2, "-log(1/N): a mean over images, the natural logarithm."),
        (4, 1000.0, "exp(1000) is infinite: log_softmax, logsumexp and cross_entropy avoid it."),
        (4, -1000.0, "exp(-1000) is 0: log_softmax, logsumexp and cross_entropy avoid it."),
    ):
        _, labels = episodes(ask.rng, 4, 3, ways)
        answer = ask("query_loss", logits=np.full(labels.shape, logit), labels=labels)
        close(answer.value, np.array(np.log(ways)), atol=1e-6, hint=hint)


@problem("4", points=1)
def test_support_rows_count_for_nothing(ask: Ask) -> None:
    """Other logits or labels of the support leave the loss as it is, and the loss leaves all of them as they are."""
    logits, labels = episodes(ask.rng, 3, 4, 3)
    others, other_labels = episodes(ask.rng, 3, 4, 3)
    others[:, -1], other_labels[:, -1] = logits[:, -1], labels[:, -1]
    answer = ask("query_loss", logits=logits, labels=labels)
    varies(answer, ask("query_loss", logits=2 * logits, labels=labels), hint="The last row counts.")
    hint = "The support was given with its labels: only the query row, the last one, is judged."
    close(ask("query_loss", logits=others, labels=other_labels).value, answer.value, atol=1e-9, hint=hint)
    after = ask("inputs_after_query_loss", logits=logits, labels=labels)
    for name, before in (("logits", logits), ("labels", labels)):
        kept = np.array_equal(after[name], before)
        hint = "Write into no tensor that was given."
        check_that(kept, came=f"other {name} after the call", expected=f"the same {name}", hint=hint)


@problem("4", points=2, needs=["test_loss_is_the_cross_entropy_of_the_query"], of="gradients")
def test_gradient_is_softmax_minus_label(ask: Ask) -> None:
    """The gradient is (softmax - label) / (B N) in the query row, and exactly 0 in the support."""
    logits, labels = episodes(ask.rng, 3, 4, 5)
    odds = np.exp(logits[:, -1] - logits[:, -1].max(axis=-1, keepdims=True))
    expected = np.zeros_like(logits)
    expected[:, -1] = (odds / odds.sum(axis=-1, keepdims=True) - labels[:, -1]) / (3 * 5)
    answer = ask("query_loss_gradient", logits=logits, labels=labels)
    close(answer.value, expected, atol=1e-6, hint="Stay with tensors: .item(), float() and .detach() cut the gradient.")
    close(answer.value[:, :-1], expected[:, :-1], atol=0.0, hint="Only the query row is judged.")
