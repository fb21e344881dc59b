"""You kept one image of each class for the query and drew only the support.

Module: episodes
Problem: 1
Hint: Any image of a class can be in the support or in the query.
"""


class EpisodeSampler:
    def sample(self) -> tuple[Tensor, Tensor]:
        n_way, k_shot = self.num_classes, self.num_shots
        classes = torch.randperm(len(self.images_by_class), generator=self.generator)[:n_way].tolist()

        columns = []
        for class_id in classes:
            images = self.images_by_class[class_id]  # (M_c, D)
            shots = 1 + torch.randperm(len(images) - 1, generator=self.generator)[:k_shot]
            rows = torch.cat([shots, torch.zeros(1, dtype=torch.int64)])
            columns.append(images[rows])  # (K+1, D)
        images = torch.stack(columns, dim=1)  # N times (K+1, D) -> (K+1, N, D): row k has the k-th image of each class
        labels = torch.eye(n_way).repeat(k_shot + 1, 1, 1)  # (K+1, N, N)

        order = torch.randperm(n_way, generator=self.generator)
        images[-1], labels[-1] = images[-1, order], labels[-1, order]
        return images, labels
