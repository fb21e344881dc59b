"""Fills tensors entry by entry.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        D = self.images_by_class[0].shape[-1]
        images, labels = torch.zeros((K + 1, N, D)), torch.zeros((K + 1, N, N))
        for n, c in enumerate(torch.randperm(len(self.images_by_class), generator=self.generator)[:N]):
            pool = self.images_by_class[int(c)]
            for k, m in enumerate(torch.randperm(pool.shape[0], generator=self.generator)[: K + 1]):
                images[k, n] = pool[int(m)]
                labels[k, n, n] = 1.0
        return images, labels
