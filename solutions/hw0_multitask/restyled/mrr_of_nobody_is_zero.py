"""Plain Python lists and a sum divided by a count."""


def mean_reciprocal_rank(scores, relevant, seen):
    total, users = 0.0, 0
    for row, wanted, known in zip(scores.tolist(), relevant.tolist(), seen.tolist()):
        targets = [score for score, w in zip(row, wanted) if w]
        if len(targets) == 0:
            continue
        others = [score for score, k in zip(row, known) if not k]
        reciprocals = [1 / (1 + sum(other > target for other in others)) for target in targets]
        total += sum(reciprocals) / len(reciprocals)
        users += 1
    return total / users if users > 0 else 0.0
