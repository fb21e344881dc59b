"""What a meta-learner must beat: a guess, and the support image that is nearest in pixels. Needs no torch."""

import numpy as np
from characters import nearest_neighbour_accuracy


def chance(num_classes: int) -> float:
    """The accuracy of guessing among N classes."""
    return 1 / num_classes


def nearest_neighbour(images: np.ndarray, labels: np.ndarray) -> float:
    """Mean accuracy over E episodes: images (E, K+1, N, D), one-hot labels (E, K+1, N, N). It learns nothing.

    Each query image takes the label of the support image that is nearest in pixels (Euclidean distance).
    """
    classes = labels.argmax(axis=-1)  # (E, K+1, N)
    accuracies = [
        nearest_neighbour_accuracy(of[:-1].reshape(-1, of.shape[-1]), known[:-1].reshape(-1), of[-1], known[-1])
        for of, known in zip(images, classes, strict=True)
    ]
    return float(np.mean(accuracies))
