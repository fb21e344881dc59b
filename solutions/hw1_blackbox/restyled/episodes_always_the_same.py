"""A generator of its own in each call.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        g = torch.Generator()
        g.manual_seed(self.generator.initial_seed())
        N, K = self.num_classes, self.num_shots
        columns = []
        for c in torch.randperm(len(self.images_by_class), generator=g)[:N].tolist():
            pool = self.images_by_class[c]
            columns.append(pool[torch.randperm(len(pool), generator=g)[: K + 1]])
        images, labels = torch.stack(columns, 1), torch.eye(N).repeat(K + 1, 1, 1)
        perm = torch.randperm(N, generator=g)
        images[K], labels[K] = images[K][perm], labels[K][perm]
        return images, labels
