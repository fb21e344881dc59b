"""Support and query as two tensors that are joined.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        chosen = torch.randperm(len(self.images_by_class), generator=self.generator)[: self.num_classes]
        support, query = [], []
        for c in chosen:
            pool = self.images_by_class[int(c)]
            idx = torch.randperm(len(pool), generator=self.generator)[: self.num_shots + 1]
            support.append(pool[idx[:-1]])
            query.append(pool[idx[-1]])
        support, query = torch.stack(support, 1), torch.stack(query)
        query = query[torch.randperm(self.num_classes, generator=self.generator)]
        images = torch.cat((support, query[None]))
        labels = torch.eye(self.num_classes)[None].repeat(self.num_shots + 1, 1, 1)
        return images, labels
