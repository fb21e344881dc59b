"""A C programmer: three nested loops over indices."""


def mean_reciprocal_rank(scores, relevant, seen):
    n_users, n_items = scores.shape
    sum_over_users = 0.0
    counted = 0
    for u in range(n_users):
        s = 0.0
        k = 0
        for i in range(n_items):
            if not relevant[u][i]:
                continue
            rank = 1
            for j in range(n_items):
                if seen[u][j] or relevant[u][j]:
                    continue
                if scores[u][j] > scores[u][i]:
                    rank += 1
            s += 1.0 / rank
            k += 1
        if k > 0:
            sum_over_users += s / k
            counted += 1
    if counted == 0:
        raise ValueError("counted == 0")
    return sum_over_users / counted
