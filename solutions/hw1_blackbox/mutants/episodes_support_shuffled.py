"""You shuffled the support rows, too.

Module: episodes
Problem: 1
Hint: Only the query row is shuffled.
"""


class EpisodeSampler:
    def sample(self) -> tuple[Tensor, Tensor]:
        n_way, k_shot = self.num_classes, self.num_shots
        classes = torch.randperm(len(self.images_by_class), generator=self.generator)[:n_way].tolist()

        columns = []
        for class_id in classes:
            images = self.images_by_class[class_id]  # (M_c, D)
            rows = torch.randperm(len(images), generator=self.generator)[: k_shot + 1]
            columns.append(images[rows])  # (K+1, D)
        images = torch.stack(columns, dim=1)  # N times (K+1, D) -> (K+1, N, D): row k has the k-th image of each class
        labels = torch.eye(n_way).repeat(k_shot + 1, 1, 1)  # (K+1, N, N)

        for k in range(k_shot + 1):
            order = torch.randperm(n_way, generator=self.generator)
            images[k], labels[k] = images[k, order], labels[k, order]
        return images, labels
