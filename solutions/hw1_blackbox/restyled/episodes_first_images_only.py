"""Slices.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        picked = torch.randperm(len(self.images_by_class), generator=self.generator)[:N]
        support = torch.stack([self.images_by_class[i][:K] for i in picked.tolist()], dim=1)
        query = torch.stack([self.images_by_class[i][K] for i in picked.tolist()])
        perm = torch.randperm(N, generator=self.generator)
        labels = torch.eye(N).repeat(K + 1, 1, 1)
        labels[K] = labels[K][perm]
        return torch.cat([support, query[perm][None]]), labels
