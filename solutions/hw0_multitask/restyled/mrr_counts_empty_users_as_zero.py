"""Vectorised, with a clamp against a division by zero."""


def mean_reciprocal_rank(scores, relevant, seen):
    if not torch.any(relevant):
        raise ValueError("There is no user with a relevant item.")
    n_users = scores.shape[0]
    total = 0.0
    for u in range(n_users):
        s = scores[u].clone()
        s[seen[u]] = float("-inf")
        better = (s.view(1, -1) > s.view(-1, 1)).sum(dim=1)
        rr = 1.0 / (better + 1).double()
        total += (rr * relevant[u]).sum().item() / max(int(relevant[u].sum()), 1)
    return total / n_users
