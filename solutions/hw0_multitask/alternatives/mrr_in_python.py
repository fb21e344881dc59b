"""Three Python loops that say what the metric is."""


def mean_reciprocal_rank(scores: Tensor, relevant: Tensor, seen: Tensor) -> float:
    means = []
    for u in range(len(scores)):
        reciprocals = []
        for i in range(len(scores[u])):
            if relevant[u, i]:
                better = [j for j in range(len(scores[u])) if not seen[u, j] and scores[u, j] > scores[u, i]]
                reciprocals.append(1 / (len(better) + 1))
        if reciprocals:
            means.append(sum(reciprocals) / len(reciprocals))
    if len(means) == 0:
        raise ValueError("no user has a relevant item")
    return sum(means) / len(means)
