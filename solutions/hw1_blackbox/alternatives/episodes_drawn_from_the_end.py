"""Draws the order of the query first, then images by sorting random keys, and fills empty tensors.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        order = torch.rand(N, generator=self.generator).argsort()
        chosen = torch.multinomial(torch.ones(len(self.images_by_class)), N, generator=self.generator)
        images = torch.zeros(K + 1, N, self.images_by_class[0].shape[1])
        labels = torch.zeros(K + 1, N, N)
        for n, c in enumerate(chosen.tolist()):
            pool = self.images_by_class[c]
            picked = torch.rand(len(pool), generator=self.generator).argsort()[: K + 1].tolist()
            for k in range(K):
                images[k, n] = pool[picked[k]]
                labels[k, n, n] = 1
            where = order[n]
            images[K, where] = pool[picked[K]]
            labels[K, where, n] = 1
        return images, labels
