"""A helper that shuffles any list, used twice."""


def shuffle(things: list, generator: torch.Generator) -> list:
    keys = torch.rand(len(things), generator=generator).tolist()
    return [thing for _, thing in sorted(zip(keys, things), key=lambda pair: pair[0])]


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    blocks = [shuffle([(i, x) for x in data], generator) for i, data in enumerate(datasets)]
    return (pair for block in shuffle(blocks, generator) for pair in block)
