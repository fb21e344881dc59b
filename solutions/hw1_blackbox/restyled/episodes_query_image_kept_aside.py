"""Query images from the front, support from the rest.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        N, K, g = self.num_classes, self.num_shots, self.generator
        classes = torch.randperm(len(self.images_by_class), generator=g)[:N].tolist()
        perm = torch.randperm(N, generator=g).tolist()
        query = torch.stack([self.images_by_class[classes[n]][0] for n in perm])
        support = []
        for c in classes:
            others = self.images_by_class[c][1:]
            support.append(others[torch.randperm(others.shape[0], generator=g)[:K]])
        images = torch.vstack([torch.stack(support, 1), query.unsqueeze(0)])
        labels = torch.vstack([torch.eye(N).expand(K, N, N), torch.eye(N)[perm].unsqueeze(0)])
        return images, labels
