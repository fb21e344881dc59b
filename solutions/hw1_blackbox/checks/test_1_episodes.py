"""Problem 1: episodes."""

from collections import Counter
from itertools import permutations, product
from typing import Any

import numpy as np

from grader.judge import Ask, check_that, problem

# More classes than an episode has, and barely more images than it takes: whoever draws twice meets an image again.
COUNTS, WAYS, SHOTS = (4, 5, 4, 6, 4, 5, 4), 4, 2
WAIT = ["test_episodes_have_their_shapes"]


def one_of_each(classes: np.ndarray) -> np.ndarray:
    """Whether each row (..., N) has N different classes, all of them of the bank."""
    ordered = np.sort(classes, axis=-1)
    return (ordered[..., 0] >= 0) & (np.diff(ordered, axis=-1) > 0).all(axis=-1)


def all_come(counts: np.ndarray, what: str, hint: str, like: Any = None) -> None:
    """Fails the check unless each of these outcomes comes at all. Each is expected 40 times or more: that none of a
    right sampler's is missing is certain but for one case in 10^15. Which are missing says what was done."""
    never = counts == 0
    like = never if like is None else like
    came = f"{np.count_nonzero(never)} of {what} never come"
    check_that(not never.any(), came=came, expected="all of them", hint=hint, like=like)


@problem("1", points="1/2")
def test_episodes_have_their_shapes(ask: Ask, episodes: Any) -> None:
    """Images are (K+1, N, D) and labels (K+1, N, N)."""
    for ways, shots in ((WAYS, SHOTS), (5, 1), (2, 3)):
        episodes(ask, COUNTS, ways, shots, 1)


@problem("1", points="1/2", needs=WAIT)
def test_images_and_labels_are_float32(ask: Ask, bank: Any) -> None:
    """Images and labels are float32, and each label is a one-hot vector."""
    question = {"num_classes": WAYS, "num_shots": SHOTS, "seed": ask.seed, "count": 3}
    answer = ask("sampled", images_by_class=bank(COUNTS).images, **question)
    came = f"{answer['images'].dtype} images, {answer['labels'].dtype} labels"
    hint = "torch.eye and torch.zeros make float32, numpy makes float64, and a one-hot of integers is int64."
    check_that(came == "float32 images, float32 labels", came=came, expected="float32 for both", hint=hint)
    ones, sums = np.isin(answer["labels"], (0, 1)).all(), (answer["labels"].sum(axis=-1) == 1).all()
    hint = "Each label has N entries: a single 1, in the place of its class, and 0 elsewhere."
    check_that(ones and sums, came="other values", expected="one-hot vectors", hint=hint)


@problem("1", points=1, needs=WAIT)
def test_each_row_has_one_image_of_each_class(ask: Ask, episodes: Any) -> None:
    """Each row, support and query, holds one image of each of the episode's N classes."""
    drawn = episodes(ask, COUNTS, WAYS, SHOTS, 40)
    hint = "Each class has K+1 images (K+1, D); stack those of all classes along a new axis 1."
    for name, rows in (("support", drawn.classes[:, :-1]), ("query", drawn.classes[:, -1:])):
        share = float(one_of_each(rows).mean())
        came = f"{share:.0%} of the rows of the {name} have one image of each class"
        check_that(share == 1, came=came, expected="all of them", hint=hint, like=[name, share], atol=0.3)
    same = bool((np.sort(drawn.classes, axis=-1) == np.sort(drawn.classes[:, :1], axis=-1)).all())
    check_that(same, came="rows of different classes", expected="the same classes in each row", hint="Draw them once.")


@problem("1", points="3/2", needs=WAIT)
def test_no_image_is_in_an_episode_twice(ask: Ask, episodes: Any) -> None:
    """Support and query have no image in common, and no image is in the support twice."""
    drawn = episodes(ask, COUNTS, WAYS, SHOTS, 12)
    images = (100 * drawn.classes + drawn.instances).reshape(12, SHOTS + 1, WAYS)
    support = [np.unique(episode[:-1]).size for episode in images]
    distinct = sum(support) == 12 * SHOTS * WAYS
    hint = (
        "Draw N different classes, and of each one K+1 different images at once: K for the support and the last one "
        "for the query."
    )
    check_that(distinct, came="an image twice in the support", expected="K different images of each class", hint=hint)
    shared = any(np.intersect1d(episode[:-1], episode[-1]).size for episode in images)
    check_that(not shared, came="a query image that is in the support", expected="a new image", hint=hint)


@problem("1", points=1, needs=WAIT)
def test_support_is_in_class_order(ask: Ask, episodes: Any) -> None:
    """In every support row, position n holds class n of the episode, with label n."""
    drawn = episodes(ask, COUNTS, WAYS, SHOTS, 12)
    in_order = bool((drawn.labels[:, :-1] == np.arange(WAYS)).all())
    hint = "Only the query row is shuffled. Labels count from 0 to N-1 in each support row, whatever the classes are."
    check_that(in_order, came="other labels", expected="0, 1, ..., N-1 in each support row", hint=hint)
    steady = bool((drawn.classes[:, :-1] == drawn.classes[:, :1]).all())
    check_that(steady, came="support rows in different orders", expected="one order for all of them", hint=hint)


@problem("1", points=2, needs=WAIT)
def test_query_labels_belong_to_their_images(ask: Ask, episodes: Any) -> None:
    """The label of a query image is the position that its class has in the support."""
    drawn = episodes(ask, COUNTS, WAYS, SHOTS, 12)
    belongs = np.take_along_axis(drawn.classes[:, 0], drawn.labels[:, -1], axis=-1) == drawn.classes[:, -1]
    hint = (
        "Draw one order and use it twice: images[-1, order] and labels[-1, order]. Which class has which label is what "
        "the support rows say."
    )
    share = float(belongs.mean())
    came = f"{share:.0%} of the query labels belong to their images"
    check_that(bool(belongs.all()), came=came, expected="all of them", hint=hint, like=share, atol=0.2)


@problem("1", points="3/2", needs=WAIT)
def test_query_order_is_uniform(ask: Ask, episodes: Any, uniform: Any) -> None:
    """The query row comes in a new random order in each episode, and all orders are equally likely."""
    # Must catch a shuffle that swaps each place with any place, not only with one that is left: power 0.9997 (exact).
    drawn = episodes(ask, (2, 2, 2, 2), 4, 1, 4800)
    position = (drawn.classes[:, -1, :, None] == drawn.classes[:, 0, None, :]).argmax(axis=-1)
    orders = Counter(map(tuple, position.tolist()))
    counts = np.array([orders[order] for order in permutations(range(4))])
    hint = "torch.randperm(N, generator=generator), anew in each episode."
    # Which one it is that always comes may be a matter of chance.
    all_come(counts, "the 24 orders of 4 classes", hint, like=None if np.count_nonzero(counts) > 1 else "always one")
    uniform(counts, "the 24 orders of 4 classes", hint)


@problem("1", points=2, needs=WAIT)
def test_a_label_says_nothing_about_a_class(ask: Ask, episodes: Any, uniform: Any) -> None:
    """Every ordered choice of classes is equally likely, in each episode anew: any class can have any label."""
    drawn = episodes(ask, (3, 3, 3, 3), 2, 1, 800)
    pairs = Counter(map(tuple, drawn.classes[:, 0].tolist()))
    counts = np.array([pairs[pair] for pair in permutations(range(4), 2)])
    hint = "Draw the classes of each episode anew, and do not sort them."
    one = "always one" if np.count_nonzero(counts) == 1 else None
    all_come(counts, "the 12 ordered pairs of 4 classes", hint, like=one)
    uniform(counts, "the 12 ordered pairs of 4 classes", hint)
    # Where does the first class of an episode stand among those of the episode before, and then the two others?
    before, first = drawn.classes[:-1, 0], drawn.classes[1:, 0, 0]
    others = np.array([sorted(set(range(4)) - set(pair)) for pair in before.tolist()])[:, :2]
    places = (np.concatenate([before, others], axis=1) == first[:, None]).argmax(axis=1)
    hint = "Draw from all classes in each episode, also from those that the episode before had."
    uniform(np.bincount(places, minlength=4), "a class given the two classes of the episode before", hint)


@problem("1", points="1/2", needs=WAIT)
def test_every_image_can_be_support_or_query(ask: Ask, episodes: Any, uniform: Any) -> None:
    """Each image of a class is equally likely to be in any row, whatever was drawn of the other classes."""
    sizes = (4, 5, 4)
    drawn = episodes(ask, sizes, 3, 2, 1500)
    instances = [drawn.of(class_id) for class_id in range(3)]
    hint = (
        "In each episode anew, draw K+1 of all images of the class at random: not the first ones, and none that is "
        "kept for the query."
    )
    for size, of_class in zip(sizes, instances, strict=True):
        choices = Counter(map(tuple, of_class.tolist()))
        counts = np.array([choices[choice] for choice in permutations(range(size), 3)])
        what = f"the {counts.size} choices of 2 support images and a query image out of {size}"
        # How many different images come in each row: which ones is the choice of who wrote it.
        rows = [len({choice[row] for choice in choices}) for row in range(3)]
        all_come(counts, what, hint, like=rows)
        uniform(counts, what, hint)
    hint = "If each row holds one image of each class: do all classes take the images in the same places?"
    for one, two in ((0, 2), (0, 1)):
        pairs = Counter(zip(instances[one][:, -1].tolist(), instances[two][:, -1].tolist(), strict=True))
        counts = np.array([pairs[pair] for pair in product(range(sizes[one]), range(sizes[two]))])
        uniform(counts, f"the {counts.size} pairs of query images of two classes", hint)


@problem("1", points=1, needs=WAIT)
def test_episodes_come_from_the_generator_only(ask: Ask, bank: Any) -> None:
    """The generator's state alone decides: same state, same episodes; then another one. Nothing else changes."""
    given = {"images_by_class": bank(COUNTS).images, "num_classes": WAYS, "num_shots": SHOTS}
    question = {**given, "count": 2}
    first = ask("sampled", **question, seed=ask.seed, global_seed=1)
    again = ask("sampled", **question, seed=ask.seed, global_seed=2)
    other = ask("sampled", **question, seed=ask.seed + 1, global_seed=1)
    later = ask("sampled", **question, seed=ask.seed, global_seed=1, moved_on=7)
    hint = "Give the generator to every torch function that draws, and do not seed it yourself."
    same = [np.array_equal(first[key], again[key]) for key in ("images", "labels")]
    check_that(all(same), came="other episodes", expected="the same ones for the same generator state", hint=hint)
    moved = not np.array_equal(first["images"], other["images"])
    check_that(moved, came="the same episodes", expected="others for another generator", hint=hint)
    moved = not np.array_equal(first["images"][0], first["images"][1])
    check_that(moved, came="the same episode", expected="another one in the next call", hint=hint)
    moved = not np.array_equal(first["images"], later["images"])
    hint = "The seed of a generator is not its state: draw with the generator itself."
    check_that(moved, came="the same episodes", expected="others for another state of one generator", hint=hint)
    after = ask("samplers_in_turn", **given, seed=ask.seed)
    moved = not np.array_equal(*after["drawn"])
    hint = "Draw with the generator that was given, not with a copy of it: each draw moves it on."
    came = "the same episode of two samplers with one generator"
    check_that(moved, came=came, expected="two different ones", hint=hint)
    kept = len(after["images_by_class"]) == len(COUNTS) and all(
        map(np.array_equal, after["images_by_class"], given["images_by_class"])
    )
    hint = "Change neither the list that was given nor the tensors in it."
    check_that(kept, came="other images in the caller's list", expected="the caller's images, untouched", hint=hint)
    same = after["other numbers"] == ask("other_numbers", seed=ask.seed).value
    hint = "Seed nothing, and give the generator to every torch function that draws."
    check_that(same, came="other random numbers elsewhere", expected="those that come without the sampler", hint=hint)


@problem("1", points="1/2", needs=WAIT)
def test_impossible_episodes_are_refused(ask: Ask, bank: Any, episodes: Any) -> None:
    """Too few classes, too few images in any class, and N or K below 1 are ValueErrors; just enough is enough."""
    episodes(ask, (3, 4, 3), 3, 2, 2)
    episodes(ask, (3, 3), 1, 2, 1)
    alike = [np.ones((3, 2), dtype=np.float32), np.zeros((4, 2), dtype=np.float32)]
    answer = ask("sampled", images_by_class=alike, num_classes=2, num_shots=2, count=2, seed=ask.seed)
    came = answer["images"].shape[1:]
    hint = "Tell images apart by their index and not by their pixels, which may be equal."
    check_that(came == (3, 2, 2), came=f"images {came}", expected="images (3, 2, 2)", hint=hint)
    for counts, ways, shots, hint in (
        ((3, 4, 3), 4, 2, "There must be N classes."),
        ((5, 5, 3, 5, 5), 2, 3, "Each class needs K + 1 images, also one that this episode would not draw."),
        ((3, 3), 0, 1, "N is at least 1."),
        ((3, 3), 2, 0, "K is at least 1."),
        ((3, 3), -1, 1, "N is at least 1."),
        ((3, 3), 2, -1, "K is at least 1."),
    ):
        question = {"images_by_class": bank(counts).images, "num_classes": ways, "num_shots": shots}
        ask.raises("ValueError", "new_sampler", **question, seed=ask.seed, hint=hint)
