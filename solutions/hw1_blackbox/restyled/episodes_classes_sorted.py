"""Marks the chosen classes in a mask.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        mask = torch.zeros(len(self.images_by_class), dtype=torch.bool)
        mask[torch.randperm(len(mask), generator=self.generator)[:N]] = True
        columns = []
        for images, chosen in zip(self.images_by_class, mask.tolist()):
            if chosen:
                columns.append(images[torch.randperm(len(images), generator=self.generator)[: K + 1]])
        images = torch.stack(columns, 1)
        perm = torch.randperm(N, generator=self.generator)
        images = torch.cat([images[:K], images[K:, perm]])
        labels = torch.cat([torch.eye(N).expand(K, N, N), torch.eye(N)[perm].unsqueeze(0)])
        return images, labels
