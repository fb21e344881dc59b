"""Places by two argsorts, one user after the other."""


def mean_reciprocal_rank(scores, relevant, seen):
    per_user = []
    for s, r, e in zip(scores, relevant, seen):
        if not r.any():
            continue
        others = s[~e]
        order = s.masked_fill(e, float("-inf")).argsort(descending=True, stable=True)
        place = order.argsort()
        ranks = [1 + int(k) for k in place[r]]
        per_user.append(sum(1 / k for k in ranks) / len(ranks))
    if not per_user:
        raise ValueError("no user has a relevant item")
    return sum(per_user) / len(per_user)
