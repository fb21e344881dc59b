"""You drew support and query by two calls, so that an image can be in both.

Module: episodes
Problem: 1
Hint: Draw K+1 different images of each class at once.
"""


class EpisodeSampler:
    def sample(self) -> tuple[Tensor, Tensor]:
        n_way, k_shot = self.num_classes, self.num_shots
        classes = torch.randperm(len(self.images_by_class), generator=self.generator)[:n_way].tolist()

        columns = []
        for class_id in classes:
            images = self.images_by_class[class_id]  # (M_c, D)
            support = torch.randperm(len(images), generator=self.generator)[:k_shot]
            query = torch.randperm(len(images), generator=self.generator)[:1]
            rows = torch.cat([support, query])
            columns.append(images[rows])  # (K+1, D)
        images = torch.stack(columns, dim=1)  # N times (K+1, D) -> (K+1, N, D): row k has the k-th image of each class
        labels = torch.eye(n_way).repeat(k_shot + 1, 1, 1)  # (K+1, N, N)

        order = torch.randperm(n_way, generator=self.generator)
        images[-1], labels[-1] = images[-1, order], labels[-1, order]
        return images, labels
