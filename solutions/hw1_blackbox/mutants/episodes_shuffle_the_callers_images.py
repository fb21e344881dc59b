"""You shuffle the caller's tensors themselves.

Module: episodes
Problem: 1
Hint: Index a class by random places; do not write into its tensor.
"""


class EpisodeSampler:
    def sample(self) -> tuple[Tensor, Tensor]:
        n_way, k_shot = self.num_classes, self.num_shots
        classes = torch.randperm(len(self.images_by_class), generator=self.generator)[:n_way].tolist()

        columns = []
        for class_id in classes:
            images = self.images_by_class[class_id]  # (M_c, D)
            images.copy_(images[torch.randperm(len(images), generator=self.generator)])
            columns.append(images[: k_shot + 1])  # (K+1, D)
        images = torch.stack(columns, dim=1)  # N times (K+1, D) -> (K+1, N, D): row k has the k-th image of each class
        labels = torch.eye(n_way).repeat(k_shot + 1, 1, 1)  # (K+1, N, N)

        order = torch.randperm(n_way, generator=self.generator)
        images[-1], labels[-1] = images[-1, order], labels[-1, order]
        return images, labels
