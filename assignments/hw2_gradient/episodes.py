"""Few-shot tasks: N characters, some drawings of each to learn from (support), others to be judged on (queries)."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

# Support images (N K, 1, side, side), support labels (N K,), query images (N Q, 1, side, side), query labels (N Q,).
Task = tuple[Tensor, Tensor, Tensor, Tensor]


class TaskSampler:
    """Draws tasks from the characters of one part of the data.

    `images` is (C, 20, side, side) floating point, as `halved` makes it. All randomness comes from `seed`: the same
    seed, and the same calls, give the same tasks.
    """

    def __init__(self, images: Tensor, num_classes: int, seed: int) -> None:
        self.images = images
        self.num_classes = num_classes
        self.generator = torch.Generator().manual_seed(seed)

    def task(self, num_shots: int, num_queries: int) -> Task:
        """A task with K = `num_shots` support and Q = `num_queries` query drawings of each of N characters.

        The characters are different ones, labelled 0 to N - 1 for this task alone; no drawing is in it twice; the rows
        of the support set and of the query set are in random order. Images keep their dtype; labels are int64.
        """
        chosen = self._permutation(len(self.images))[: self.num_classes]
        support, query = [], []  # (label, row of `images`) of each drawing
        for label, character in enumerate(chosen):
            drawings = self._permutation(self.images.shape[1])[: num_shots + num_queries]
            rows = [(label, self.images[character, drawing]) for drawing in drawings]
            support += rows[:num_shots]
            query += rows[num_shots:]
        return (*self._in_random_order(support), *self._in_random_order(query))

    def batch(self, num_tasks: int, num_shots: int, num_queries: int) -> list[Task]:
        return [self.task(num_shots, num_queries) for _ in range(num_tasks)]

    def _permutation(self, n: int) -> list[int]:
        return torch.randperm(n, generator=self.generator).tolist()

    def _in_random_order(self, drawings: list[tuple[int, Tensor]]) -> tuple[Tensor, Tensor]:
        """Images (B, 1, side, side) and labels (B,)."""
        labels, images = zip(*(drawings[place] for place in self._permutation(len(drawings))), strict=True)
        return torch.stack(images).unsqueeze(1), torch.tensor(labels)


def halved(images: np.ndarray) -> Tensor:
    """Images (C, 20, 28, 28) uint8, ink = 1, as float32 of half the size: each pixel is the mean of four.

    A quarter of the pixels, and still legible: this is what lets the experiment run on a laptop.
    """
    return functional.avg_pool2d(torch.from_numpy(images).float(), 2)
