"""Asserts made of ifs, one by one.

Module: episodes
"""


class EpisodeSampler:
    def __init__(self, images_by_class, num_classes, num_shots, generator):
        self.images_by_class = images_by_class
        self.num_classes = num_classes
        self.num_shots = num_shots
        self.generator = generator
        if self.num_classes < 1:
            raise ValueError("N must be positive")
        if self.num_shots < 1:
            raise ValueError("K must be positive")
        if self.num_classes > len(self.images_by_class):
            raise ValueError("N is too large")
        for pool in self.images_by_class:
            if pool.shape[0] < self.num_shots:
                raise ValueError("K is too large")
