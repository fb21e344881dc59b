"""Numpy draws, seeded from the generator; class by class, then the axes swapped.

Module: episodes
"""

import numpy as np


class EpisodeSampler:
    def __init__(self, images_by_class, num_classes, num_shots, generator):
        if min(num_classes, num_shots) < 1:
            raise ValueError("at least one class and one shot")
        if num_classes > len(images_by_class):
            raise ValueError("not enough classes")
        for c, images in enumerate(images_by_class):
            if images.shape[0] <= num_shots:
                raise ValueError(f"not enough images of class {c}")
        seed = torch.randint(2**31, (1,), generator=generator).item()
        self.rng = np.random.default_rng(seed)
        self.data, self.N, self.K = images_by_class, num_classes, num_shots

    def sample(self):
        per_class = []
        for c in self.rng.choice(len(self.data), size=self.N, replace=False):
            rows = self.rng.choice(self.data[c].shape[0], size=self.K + 1, replace=False)
            per_class.append(self.data[c][torch.as_tensor(rows)])
        images = torch.cat(per_class).reshape(self.N, self.K + 1, -1).swapaxes(0, 1)
        labels = torch.eye(self.N).expand(self.K + 1, self.N, self.N)
        order = torch.as_tensor(self.rng.permutation(self.N))
        images = torch.cat([images[:-1], images[-1:, order]])
        labels = torch.cat([labels[:-1], labels[-1:, order]])
        return images, labels
