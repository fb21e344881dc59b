"""What a learner must beat: guessing, and comparing pixels. Neither learns anything from other tasks."""

from collections.abc import Sequence

from characters import nearest_neighbour_accuracy
from episodes import Task


def chance(num_classes: int) -> float:
    """The accuracy of guessing."""
    return 1 / num_classes


def pixel_accuracies(tasks: Sequence[Task]) -> list[float]:
    """The accuracy of each task when a query has the label of the nearest support image, pixel by pixel."""
    return [nearest_neighbour_accuracy(*(tensor.numpy() for tensor in task)) for task in tasks]
