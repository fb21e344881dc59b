"""A dict of iterators: draw a task, take the next of its examples, drop the task when it is exhausted."""


def union(datasets, generator):
    def shuffled(data):
        for i in torch.randperm(len(data), generator=generator):
            yield data[int(i)]

    alive = {t: shuffled(data) for t, data in enumerate(datasets)}
    while alive:
        keys = list(alive)
        pick = torch.multinomial(torch.ones(len(keys)), 1, generator=generator).item()
        task = keys[pick]
        try:
            example = next(alive[task])
        except StopIteration:
            del alive[task]
            continue
        yield task, example
