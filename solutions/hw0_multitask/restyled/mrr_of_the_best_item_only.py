"""As the search-engine textbook has it: walk down the list until the first hit."""


def mean_reciprocal_rank(scores, relevant, seen):
    reciprocal_ranks = []
    for user in range(len(scores)):
        if relevant[user].sum() == 0:
            continue
        rank = 0
        for item in torch.argsort(scores[user], descending=True).tolist():
            if seen[user, item]:
                continue
            rank += 1
            if relevant[user, item]:
                reciprocal_ranks.append(1.0 / rank)
                break
    if not reciprocal_ranks:
        raise ValueError("mean_reciprocal_rank: no relevant item")
    return sum(reciprocal_ranks) / len(reciprocal_ranks)
