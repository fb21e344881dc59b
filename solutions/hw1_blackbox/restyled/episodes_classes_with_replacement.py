"""Draws each class as a number of its own.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        C, N, K = len(self.images_by_class), self.num_classes, self.num_shots
        images = torch.empty(K + 1, N, self.images_by_class[0].shape[1])
        for n in range(N):
            c = int(torch.randint(0, C, (1,), generator=self.generator))
            pool = self.images_by_class[c]
            images[:, n] = pool[torch.randperm(len(pool), generator=self.generator)[: K + 1]]
        labels = torch.eye(N).repeat(K + 1, 1, 1)
        shuffle = torch.randperm(N, generator=self.generator)
        images[K], labels[K] = images[K, shuffle], labels[K, shuffle]
        return images, labels
