"""Nested comprehensions, one row after the other.

Module: episodes
"""


class EpisodeSampler:
    def sample(self):
        g, N, K = self.generator, self.num_classes, self.num_shots
        ids = torch.randperm(len(self.images_by_class), generator=g)[:N]
        pools = [self.images_by_class[i] for i in ids.tolist()]
        draws = [torch.randperm(len(p), generator=g)[: K + 1] for p in pools]
        rows = [torch.stack([p[d[0]] for p, d in zip(pools, draws)]) for _ in range(K)]
        perm = torch.randperm(N, generator=g)
        rows.append(torch.stack([p[d[K]] for p, d in zip(pools, draws)])[perm])
        eye = torch.eye(N)
        return torch.stack(rows), torch.stack([eye for _ in range(K)] + [eye[perm]])
