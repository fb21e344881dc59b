"""The query as a batch of one class.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K, g = self.num_classes, self.num_shots, self.generator
        picked = torch.randperm(len(self.images_by_class), generator=g)[:N]
        support = []
        for c in picked:
            pool = self.images_by_class[int(c)]
            support.append(pool[torch.randperm(len(pool), generator=g)[:K]])
        support = torch.stack(support, dim=1)
        pool = self.images_by_class[int(picked[0])]
        query = pool[torch.randint(0, pool.shape[0], (N,), generator=g)]
        labels = torch.zeros(K + 1, N, N)
        for n in range(N):
            labels[:K, n, n] = 1
            labels[K, n, 0] = 1
        return torch.cat([support, query.unsqueeze(0)], dim=0), labels
