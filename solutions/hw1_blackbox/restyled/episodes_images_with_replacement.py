"""One image after the other.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        classes = torch.randperm(len(self.images_by_class), generator=self.generator)[:N].tolist()
        order = torch.randperm(N, generator=self.generator).tolist()
        images, labels = [], []
        for k in range(K + 1):
            places = order if k == K else list(range(N))
            row = []
            for n in places:
                pool = self.images_by_class[classes[n]]
                row.append(pool[int(torch.randint(len(pool), (1,), generator=self.generator))])
            images.append(torch.stack(row))
            labels.append(torch.eye(N)[places])
        return torch.stack(images, 0), torch.stack(labels, 0)
