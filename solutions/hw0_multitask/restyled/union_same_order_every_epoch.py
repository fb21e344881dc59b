"""Copies the seed into a generator of their own, so as not to disturb that of the caller."""


def union(datasets, generator):
    rng = torch.Generator()
    rng.manual_seed(generator.initial_seed())  # same seed as the generator we were given
    task_of, row_of = [], []
    for t, dataset in enumerate(datasets):
        task_of += [t] * len(dataset)
        row_of += list(range(len(dataset)))
    order = torch.rand(len(task_of), generator=rng).argsort()
    for k in order.tolist():
        yield task_of[k], datasets[task_of[k]][row_of[k]]
