"""Each row is shuffled in a comprehension.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        cs = torch.randperm(len(self.images_by_class), generator=self.generator)[:N].tolist()
        picks = [torch.randperm(len(self.images_by_class[c]), generator=self.generator)[: K + 1] for c in cs]
        rows = [torch.stack([self.images_by_class[c][p[k]] for c, p in zip(cs, picks)]) for k in range(K + 1)]
        perms = [torch.randperm(N, generator=self.generator) for _ in range(K + 1)]
        images = torch.stack([row[perm] for row, perm in zip(rows, perms)])
        labels = torch.stack([torch.eye(N)[perm] for perm in perms])
        return images, labels
