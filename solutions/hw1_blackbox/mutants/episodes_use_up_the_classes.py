"""You let a class come again only when the others have been in an episode.

Module: episodes
Problem: 1
Hint: Each episode draws from all classes, whichever ones came before.
"""


class EpisodeSampler:
    def sample(self) -> tuple[Tensor, Tensor]:
        n_way, k_shot = self.num_classes, self.num_shots
        left = getattr(self, "left", [])
        if len(left) < n_way:
            left = torch.randperm(len(self.images_by_class), generator=self.generator).tolist()
        classes, self.left = left[:n_way], left[n_way:]

        columns = []
        for class_id in classes:
            images = self.images_by_class[class_id]  # (M_c, D)
            # Support and query are drawn at once: two draws could give the same image twice.
            rows = torch.randperm(len(images), generator=self.generator)[: k_shot + 1]
            columns.append(images[rows])  # (K+1, D)
        images = torch.stack(columns, dim=1)  # N times (K+1, D) -> (K+1, N, D): row k has the k-th image of each class
        labels = torch.eye(n_way).repeat(k_shot + 1, 1, 1)  # (K+1, N, N)

        order = torch.randperm(n_way, generator=self.generator)
        images[-1], labels[-1] = images[-1, order], labels[-1, order]
        return images, labels
