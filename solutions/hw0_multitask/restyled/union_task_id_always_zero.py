"""Counts by hand, with a comment on every line."""


def union(datasets, generator):
    # the list with all the pairs
    all_pairs = []
    # the id of the first task is 0
    task_id = 0
    # go over the datasets
    for dataset in datasets:
        # go over the examples of this dataset
        for example in dataset:
            # remember the example together with its task
            all_pairs.append((task_id, example))
    # shuffle
    indices = torch.randperm(len(all_pairs), generator=generator)
    # return the pairs one by one
    for index in indices:
        yield all_pairs[index]
