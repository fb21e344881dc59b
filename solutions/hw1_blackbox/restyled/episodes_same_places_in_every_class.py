"""One index tensor for all classes, in one expression.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K, g = self.num_classes, self.num_shots, self.generator
        size = min(len(pool) for pool in self.images_by_class)
        which = torch.rand(size, generator=g).argsort()[: K + 1]
        ids = torch.rand(len(self.images_by_class), generator=g).argsort()[:N].tolist()
        images = torch.stack([self.images_by_class[i][which] for i in ids]).permute(1, 0, 2).contiguous()
        labels = torch.stack([torch.eye(N) for _ in range(K + 1)])
        perm = torch.rand(N, generator=g).argsort()
        images[-1] = images[-1].clone()[perm]
        labels[-1] = labels[-1].clone()[perm]
        return images, labels
