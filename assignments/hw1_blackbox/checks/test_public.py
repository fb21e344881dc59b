"""The public checks: small examples of what the handout asks for, one or two for each function.

They show where you stand and carry no points. The hidden checks ask the same questions with other inputs, and more.
"""

import numpy as np

from grader.judge import Ask, check_that, close, problem

# ---- Problem 1: episodes

# 5 classes of 4 images. Both pixels of an image say what it is: 10 class + instance, once negative.
IMAGES = [np.array([[10 * c + m, -(10 * c + m)] for m in range(4)], dtype=np.float32) for c in range(5)]
QUESTION = {"images_by_class": IMAGES, "num_classes": 3, "num_shots": 2}


@problem("1", visibility="public")
def test_example_of_the_shapes(ask: Ask) -> None:
    """With K = 2 shots of N = 3 classes, images of 2 pixels are (3, 3, 2) and labels (3, 3, 3), both float32."""
    answer = ask("sampled", **QUESTION, seed=1, count=1)
    for name, expected in (("images", (1, 3, 3, 2)), ("labels", (1, 3, 3, 3))):
        came = f"{answer[name].dtype} {answer[name].shape[1:]}"
        hint = ".float() makes float32 of whole numbers, such as those of one_hot, and of numpy's float64."
        check_that(came == f"float32 {expected[1:]}", came=came, expected=f"float32 {expected[1:]}", hint=hint)


@problem("1", visibility="public", needs=["test_example_of_the_shapes"])
def test_example_of_an_episode(ask: Ask) -> None:
    """In ten episodes, position n of each support row is of one class, and every label fits its image."""
    answer = ask("sampled", **QUESTION, seed=2, count=10)
    classes, labels = answer["images"][..., 0] // 10, answer["labels"].argmax(axis=-1)  # (10, 3, 3) each
    for right, came, expected, hint in (
        (
            classes[:, 0] == classes[:, 1],
            classes[:, :2],
            "support rows with the same classes",
            "images[k, n] is of class n in each support row. Does a reshape mix rows with columns, or does the query's "
            "order reach the support?",
        ),
        (
            np.diff(np.sort(classes[:, 0])) > 0,
            classes[:, 0],
            "three different classes",
            "torch.randint may draw a class again; torch.randperm does not.",
        ),
        (
            labels[:, :2] == [0, 1, 2],
            labels[:, :2],
            "labels 0, 1, 2 in each support row",
            "The order of the query row is for the query row alone.",
        ),
    ):
        episodes = right.reshape(10, -1).all(axis=1)
        first = came[episodes.argmin()].astype(int).tolist()
        check_that(episodes.all(), came=f"for example {first}", expected=expected, hint=hint, like=f"no {expected}")
    for support, query, given in zip(
        classes[:, 0].tolist(), classes[:, 2].tolist(), labels[:, 2].tolist(), strict=True
    ):
        places = [support.index(shown) if shown in support else "none" for shown in query]
        shown = f"{places}, where the query's classes {query} stand among {support}"
        hint = "The order in which the query's images are put is that of their labels."
        check_that(
            given == places, came=f"the query's labels {given}", expected=shown, hint=hint, like="labels of the query"
        )


@problem("1", visibility="public", needs=["test_example_of_an_episode"])
def test_example_of_distinct_images(ask: Ask) -> None:
    """Among 20 episodes there is none with an image twice, and more than one order of the query row."""
    answer = ask("sampled", **QUESTION, seed=3, count=20)
    images = answer["images"][..., 0]
    twice = sum(len(set(episode.ravel())) < 9 for episode in images)
    hint = "The K+1 images of a class come from one draw, without replacement."
    came = f"{twice} of 20 episodes have an image twice"
    check_that(twice == 0, came=came, expected="none", hint=hint, like="an image twice")
    orders = {tuple(row) for row in answer["labels"][:, -1].argmax(axis=-1).tolist()}
    hint = "Shuffle the query row, images and labels alike, by a permutation drawn for each episode."
    check_that(
        len(orders) > 1, came="the query's labels always alike", expected="an order drawn anew each time", hint=hint
    )


@problem("1", visibility="public", needs=["test_example_of_the_shapes"])
def test_example_of_labels_given_anew(ask: Ask) -> None:
    """In 50 episodes with two of three classes, each class is number 0 at some time and number 1 at some time."""
    question = {"images_by_class": [np.full((2, 1), c, dtype=np.float32) for c in range(3)], "num_classes": 2}
    classes = ask("sampled", **question, num_shots=1, seed=4, count=50)["images"][:, 0, :, 0]  # (50, 2)
    never = [f"class {c} is never number {n}" for c in range(3) for n in range(2) if not (classes[:, n] == c).any()]
    hint = (
        "A class gets its number from the place where it was drawn in this episode, so the draw must be a random one "
        "and stay in the order in which it came."
    )
    expected = "each class with each number, or the network can learn labels by heart"
    check_that(not never, came="; ".join(never), expected=expected, hint=hint, like=len(never))


@problem("1", visibility="public")
def test_example_of_too_few_images(ask: Ask) -> None:
    """Of 4 images of a class there cannot be 4 shots and a query image: a ValueError."""
    ask.raises("ValueError", "sampled", **{**QUESTION, "num_shots": 4}, seed=1, count=1)


# ---- Problem 2: classes for training, validation and test

LETTERS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]


@problem("2", visibility="public")
def test_example_of_a_split(ask: Ask) -> None:
    """Six classes in parts of 3, 1 and 1: no class twice, one left over; parts of 3, 2 and 2 are a ValueError."""
    (parts,) = ask("splits", classes=LETTERS, sizes=[3, 1, 1], seed=1).value
    lengths, drawn = [len(part) for part in parts], [name for part in parts for name in part]
    check_that(lengths == [3, 1, 1], came=str(lengths), expected="[3, 1, 1]")
    hint = "All parts are cut from one shuffled list: each begins where the one before it has ended."
    if set(drawn) - set(LETTERS):
        hint = "What comes back are the classes themselves, as they are called in `classes`."
    check_that(
        len(set(drawn) & set(LETTERS)) == 5, came=str(drawn), expected="5 different ones of the 6 classes", hint=hint
    )
    ask.raises("ValueError", "splits", classes=LETTERS, sizes=[3, 2, 2], seed=1)


# ---- Problem 3: the network

SIZES = {"num_classes": 3, "num_shots": 1, "input_dim": 2, "hidden_dim": 4}
SHAPES = {
    **{"reader_input": (16, 5), "reader_state": (16, 4), "reader_bias_1": (16,), "reader_bias_2": (16,)},
    **{
        "classifier_input": (12, 4),
        "classifier_state": (12, 3),
        "classifier_bias_1": (12,),
        "classifier_bias_2": (12,),
    },
}
# Eighths: exact in binary, so that every machine asks the same question.
WEIGHTS = {role: ((7 * np.arange(np.prod(shape)) % 11 - 4) / 8).reshape(shape) for role, shape in SHAPES.items()}
BATCH = ((5 * np.arange(24) % 13 - 6) / 4).reshape(2, 2, 3, 2)
LABELS = np.eye(3)[[[[0, 1, 2], [1, 2, 0]], [[0, 1, 2], [0, 2, 1]]]]


@problem("3", visibility="public")
def test_example_of_the_parameters(ask: Ask) -> None:
    """A small network has these parameters and no others."""
    came = sorted(map(tuple, ask("parameter_shapes", sizes=SIZES).value))
    hint = "Two LSTMs: the first reads D + N numbers a step, image and label, and the second its H outputs."
    check_that(came == sorted(SHAPES.values()), came=str(came), expected=str(sorted(SHAPES.values())), hint=hint)


@problem("3", visibility="public", needs=["test_example_of_the_parameters"])
def test_example_of_the_logits(ask: Ask) -> None:
    """With given parameters, the logits of two episodes have these values."""
    hint = (
        "Each episode is one sequence of 6 steps (mind batch_first): the support row, then the query row. A step is "
        "the image, then its label, in the query zeros. Nothing stands between the two LSTMs or behind the second."
    )
    ask("logits", sizes=SIZES, weights=WEIGHTS, batches=[(BATCH, LABELS)]).same_as_reference(hint=hint)


@problem("3", visibility="public", needs=["test_example_of_the_parameters"])
def test_example_of_the_callers_labels(ask: Ask) -> None:
    """After a forward pass the caller's labels are what they were."""
    after = ask("inputs_after_forward", sizes=SIZES, weights=WEIGHTS, images=BATCH, labels=LABELS)
    same = np.array_equal(after["labels"], LABELS)
    check_that(same, came="other labels", expected="the caller's labels", hint="Put the zeros into a copy.")


# ---- Problem 4: the loss of the query

# One support row, then the query row with the labels 1, 2, 0.
SUPPORT, QUERY = 9 * np.eye(3), np.array([[3.0, -0.5, 1.5], [1.5, 2.0, 2.5], [1.0, -0.5, 3.0]])
LOGITS = np.stack([SUPPORT, QUERY])[None]


@problem("4", visibility="public")
def test_example_of_the_loss(ask: Ask) -> None:
    """The handout's three query images have the loss 2.18642."""
    hint = (
        "The last row only; softmax over the last axis; the mean over the query images. Over images in place of "
        "classes it is 2.0208 (one-hot labels) or 2.1875 (class numbers). "
        "1.2635: a softmax stands before a cross-entropy, which has one."
    )
    close(ask("query_loss", logits=LOGITS, labels=LABELS[:1]).value, np.array(2.186417), atol=1e-6, hint=hint)


@problem("4", visibility="public")
def test_example_of_equal_logits(ask: Ask) -> None:
    """Equal logits of 3 classes have the loss log 3 = 1.0986."""
    close(ask("query_loss", logits=np.zeros((2, 2, 3, 3)), labels=LABELS).value, np.array(np.log(3)), atol=1e-6)


@problem("4", visibility="public", of="gradients", needs=["test_example_of_the_loss"])
def test_example_of_the_gradient(ask: Ask) -> None:
    """The gradient is 0 in the support row, and softmax minus label over 3 in the query row."""
    hint = "Look for .detach(), .item() or .data."
    ask("query_loss_gradient", logits=LOGITS, labels=LABELS[:1]).same_as_reference(hint=hint)


# ---- Problem 5: training and accuracy

LOSS = ("test_example_of_the_loss", "test_example_of_equal_logits", "test_example_of_the_gradient")
TOY = {
    "weight": np.array([[0.5, -1.0, 0.25], [1.0, 0.5, -0.75]]),
    "images": np.concatenate([BATCH, -0.5 * BATCH]),
    "labels": np.concatenate([LABELS, LABELS]),
}


@problem("5", needs=LOSS, visibility="public")
def test_example_of_training(ask: Ask) -> None:
    """Two steps of two episodes each change the matrix of a toy network so, and return these two losses."""
    hint = (
        "model.train() first. Then draw, stack, forward, query_loss(logits, labels), backward, step; clear the "
        "gradients in between, and keep one Adam."
    )
    answer = ask("toy_training", **TOY, steps=2, batch_size=2, learning_rate=0.125)
    answer.same_as_reference(only=("weight", "losses", "episodes", "training mode"), hint=hint)


@problem("5", visibility="public")
def test_example_of_accuracy(ask: Ask) -> None:
    """Of these three query images one is right with the labels 1, 2, 0, and two with the labels 0, 2, 1."""
    hint = "argmax over the last axis, in the last row only; 1 in place of 1/3 is a count, not yet a share."
    close(ask("query_accuracy", logits=LOGITS, labels=LABELS[:1]).value, 1 / 3, atol=1e-6, hint=hint)
    close(ask("query_accuracy", logits=LOGITS, labels=LABELS[1:]).value, 2 / 3, atol=1e-6, hint=hint)
