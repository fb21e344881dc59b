"""HW1: episodes. From the images of many classes to the small learning tasks on which a meta-learner is trained.

An episode is one N-way, K-shot task: a labelled *support* set of K images of each of N classes to learn from, and a
*query* set of one further image of each of these classes to be judged on.

Shapes in comments: N classes and K shots in an episode, C classes in all, M_c images of class c, D pixels.
"""

from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor

Class = TypeVar("Class")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 1: episodes


class EpisodeSampler:
    """Problem 1. Draws N-way, K-shot episodes from the images of C classes (Vinyals et al., 2016).

    All randomness comes from `generator`: its state decides which episodes come, and the next call gives another one.
    No other source of random numbers is used or changed, and `images_by_class` stays as it is, with all that it holds.
    """

    def __init__(
        self, images_by_class: Sequence[Tensor], num_classes: int, num_shots: int, generator: torch.Generator
    ) -> None:
        """Problem 1. `images_by_class`: one float32 tensor (M_c, D) for each of the C classes; M_c may differ.

        `num_classes` = N and `num_shots` = K. The names of the attributes are free.
        Raises ValueError if N or K is less than 1, if C < N, or if any class has fewer than K + 1 images.
        """
        raise NotImplementedError("Problem 1: EpisodeSampler.__init__")

    def sample(self) -> tuple[Tensor, Tensor]:
        """Problem 1. One episode: images (K+1, N, D) and one-hot labels (K+1, N, N), both float32.

        N distinct classes are drawn and numbered 0..N-1 for this episode only: every ordered choice is equally likely,
        so that a label says nothing about a class from one episode to the next. Of each class, K+1 distinct images are
        drawn, independently of the other classes; every ordered choice is equally likely. Two images may look alike:
        distinct are those in different places of the tensor. With n = 0..N-1:

            rows 0..K-1, the support: position n holds an image of class n, and labels[k, n] is the one-hot vector of n
            row K, the query:         one image of each class, in an order drawn anew for each episode, each order
                                      equally likely; the labels are put in that order, too

        `labels[k, n]` is always the label of `images[k, n]`, and no image is in an episode twice.
        """
        raise NotImplementedError("Problem 1: EpisodeSampler.sample")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 2: classes for training, validation and test


def split_classes(classes: Sequence[Class], sizes: Sequence[int], generator: torch.Generator) -> list[list[Class]]:
    """Problem 2. Splits classes into disjoint parts at random, such as training, validation and test.

    `classes`: distinct names, numbers or whatever stands for a class. Returns one list per entry of `sizes`, in that
    order, with exactly that many of the classes; each choice is equally likely. No class is in two parts; classes that
    are left over are in none. `classes` and `sizes` stay as they are. All randomness comes from `generator`, and no
    other source of random numbers is used or changed.
    Raises ValueError if a size is negative or if there are fewer classes than the sizes ask for; a size may be 0.
    """
    raise NotImplementedError("Problem 2: split_classes")
