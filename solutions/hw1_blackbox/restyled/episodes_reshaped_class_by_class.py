"""Collects all images and labels in flat lists and views them at the end.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K = self.num_classes, self.num_shots
        flat_images, flat_labels = [], []
        for label, c in enumerate(torch.randperm(len(self.images_by_class), generator=self.generator)[:N].tolist()):
            pool = self.images_by_class[c]
            for m in torch.randperm(len(pool), generator=self.generator)[: K + 1].tolist():
                flat_images.append(pool[m])
                one_hot = torch.zeros(N)
                one_hot[label] = 1
                flat_labels.append(one_hot)
        images = torch.stack(flat_images).view(K + 1, N, -1)
        labels = torch.eye(N).expand(K + 1, N, N).clone()
        p = torch.randperm(N, generator=self.generator)
        images[K] = images[K][p]
        labels[K] = labels[K][p]
        return images, labels
