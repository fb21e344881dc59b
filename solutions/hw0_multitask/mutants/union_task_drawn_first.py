"""You drew a task first and then one of its examples, so that examples of small tasks come early.

Problem: 1
Hint: Each example, not each task, has the same chance to be next: shuffle one list of all pairs.
"""


def union(datasets: Sequence[Sequence[Any]], generator: torch.Generator) -> Iterator[tuple[int, Any]]:
    left = [torch.randperm(len(dataset), generator=generator).tolist() for dataset in datasets]
    while any(left):
        tasks = [task_id for task_id, rows in enumerate(left) if rows]
        task_id = tasks[int(torch.randint(len(tasks), (1,), generator=generator))]
        yield task_id, datasets[task_id][left[task_id].pop()]
