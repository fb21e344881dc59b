"""Functional: a helper per user, statistics.mean on top."""

from statistics import mean


def rank_of(item: int, row: list[float], known: list[bool]) -> int:
    return 1 + sum(1 for score, k in zip(row, known) if score > row[item] and not k)


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    per_user = {}
    for u, (row, known) in enumerate(zip(scores.tolist(), seen.tolist())):
        ranks = [rank_of(i, row, known) for i in relevant[u].nonzero().flatten().tolist()]
        if ranks:
            per_user[u] = 1 / mean(ranks)
    if not per_user:
        raise ValueError("no user to average over")
    return mean(per_user.values())
