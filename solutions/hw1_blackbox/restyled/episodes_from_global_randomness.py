"""The random module.

Module: episodes
"""

import random


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        images = torch.zeros(K + 1, N, self.images_by_class[0].shape[1])
        labels = torch.zeros(K + 1, N, N)
        positions = random.sample(range(N), N)
        for n, c in enumerate(random.sample(range(len(self.images_by_class)), N)):
            for k, m in enumerate(random.sample(range(len(self.images_by_class[c])), K + 1)):
                place = positions[n] if k == K else n
                images[k, place] = self.images_by_class[c][m]
                labels[k, place, n] = 1
        return images, labels
