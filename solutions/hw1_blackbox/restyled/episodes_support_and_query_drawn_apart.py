"""A helper method draws k images of a class.

Module: episodes
"""


class EpisodeSampler:
    def pick(self, c, k):
        pool = self.images_by_class[c]
        return pool[torch.randperm(pool.size(0), generator=self.generator)[:k]]

    def sample(self):
        N, K = self.num_classes, self.num_shots
        ids = torch.randperm(len(self.images_by_class), generator=self.generator)[:N].tolist()
        support = torch.stack([self.pick(c, K) for c in ids]).transpose(0, 1)
        p = torch.randperm(N, generator=self.generator).tolist()
        query = torch.cat([self.pick(ids[i], 1) for i in p])
        eye = torch.eye(N)
        labels = torch.stack([eye] * K + [eye[p]])
        return torch.cat([support, query.unsqueeze(0)]), labels
