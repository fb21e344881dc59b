"""Mistakes that nobody knows are not taken for known ones, though some of their answers are the same."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.authoring.overlay import compose
from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.proof.specimens import mistakes, restyled
from grader.sandbox.forked import Sandbox

House = Any  # tests/conftest.py
COURSE = load_course(Path(__file__).parents[2])

SAMPLE = """
class EpisodeSampler:
    def sample(self):
        n_way, k_shot, g = self.num_classes, self.num_shots, self.generator
        classes = torch.randperm(len(self.images_by_class), generator=g)[:n_way].tolist()
        CLASSES
        columns = []
        for class_id in classes:
            images = self.images_by_class[class_id]
            columns.append(images[torch.randperm(COUNT, generator=g)[: k_shot + 1]])
        images = torch.stack(columns, dim=1)
        labels = torch.eye(n_way).repeat(k_shot + 1, 1, 1)
        order = torch.randperm(n_way, generator=g)
        images[-1], labels[-1] = images[-1, order], labels[-1, order]
        return images, labels
"""
IN_DESCENDING_ORDER = SAMPLE.replace("CLASSES", "classes.sort(reverse=True)").replace("COUNT", "len(images)")
IN_AN_ORDER_OF_THEIR_OWN = SAMPLE.replace("CLASSES", "classes.sort(key=lambda c: c ^ 2)").replace(
    "COUNT", "len(images)"
)
NEVER_THE_LAST_IMAGE = SAMPLE.replace("CLASSES", "").replace("COUNT", "max(len(images) - 1, k_shot + 1)")
A_SEED_OF_ITS_OWN = """
def split_classes(classes, sizes, generator):
    if any(size < 0 for size in sizes) or sum(sizes) > len(classes):
        raise ValueError("these sizes cannot be had")
    shuffled = [classes[i] for i in torch.randperm(len(classes), generator=torch.Generator().manual_seed(1)).tolist()]
    ends = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    return [shuffled[a:b] for a, b in zip(ends, ends[1:])]
"""
SMALL_TASKS_LATE = """
def union(datasets, generator):
    left = [torch.randperm(len(dataset), generator=generator).tolist() for dataset in datasets]
    pairs = []
    while any(left):
        tasks = [task_id for task_id, rows in enumerate(left) if rows]
        task_id = tasks[int(torch.randint(len(tasks), (1,), generator=generator))]
        pairs.append((task_id, datasets[task_id][left[task_id].pop()]))
    yield from reversed(pairs)
"""
SEEDED_IN_EVERY_EPOCH = """
def union(datasets, generator):
    pairs = [(task_id, example) for task_id, dataset in enumerate(datasets) for example in dataset]
    for place in torch.randperm(len(pairs), generator=torch.Generator().manual_seed(1)).tolist():
        yield pairs[place]
"""


def graded(
    assignment: Assignment, module: str, problem: str, overlays: dict[str, str], sandbox: Sandbox
) -> Iterator[tuple[str, Result]]:
    reference = assignment.sources(assignment.solution)
    jobs = [
        Job(name, modules={**reference, module: compose(reference[module], dedent(code))})
        for name, code in overlays.items()
    ]
    jobs += [
        Job(f"known {each.name}", modules=each.modules) for each in restyled(assignment) if each.problem == problem
    ]
    known = [mistake for mistake in mistakes(assignment) if mistake.problem == problem]
    results = grade(
        jobs,
        assignment,
        COURSE.grading_seed,
        sandbox=sandbox,
        allow_weak=True,
        only=frozenset({problem}),
        mistakes=known,
    )
    for job, result in results:
        yield job.name, result


def named(result: Result) -> set[str]:
    return {check.diagnosis.mutant for check in result.checks if check.diagnosis} - {""}


@pytest.mark.parametrize(
    ("homework", "module", "problem", "overlays"),
    [
        (
            *("hw1", "episodes", "1"),
            {
                "in descending order": IN_DESCENDING_ORDER,
                "in an order of their own": IN_AN_ORDER_OF_THEIR_OWN,
                "never the last image": NEVER_THE_LAST_IMAGE,
            },
        ),
        ("hw1", "episodes", "2", {"a seed of its own": A_SEED_OF_ITS_OWN}),
        ("hw0", "multitask", "1", {"small tasks late": SMALL_TASKS_LATE, "a seed of its own": SEEDED_IN_EVERY_EPOCH}),
    ],
)
def test_an_unknown_mistake_is_not_taken_for_a_known_one(
    homework: str, module: str, problem: str, overlays: dict[str, str], sandbox: Sandbox
) -> None:
    results = dict(graded(COURSE.assignment(homework), module, problem, overlays, sandbox))
    for name in overlays:
        assert results[name].points < results[name].max_points
    assert {name: named(results[name]) for name in overlays} == {name: set() for name in overlays}
    for result in results.values():
        for check in result.checks:
            diagnosed = (check.diagnosis.says, check.diagnosis.hint) if check.diagnosis else ()
            assert not any("{" in text for text in (check.asked, check.hint, *diagnosed))
    # The known ones are named, in another student's style.
    told = {name.removeprefix("known "): named(result) for name, result in results.items() if name.startswith("known ")}
    wrong = {
        name: names for name, names in told.items() if names and not any(name in each.split(" or ") for each in names)
    }
    assert wrong == {}
    assert sum(bool(names) for names in told.values()) >= 0.9 * len(told), sorted(
        set(told) - set(filter(told.get, told))
    )


def test_what_builds_on_a_mistake_is_put_again_beside_the_references_part(house: House) -> None:
    """`mean` calls `twice`, which is wrong, too: both draws are of the submission with the reference's `twice`."""
    own = house.but("""
        def twice(x):
            return 3 * x


        def mean(x):
            if x.numel() == 0:
                raise ValueError
            doubled = twice(x)
            return doubled.sum()
    """)
    results = grade(
        [Job("ada", modules={"tiny": own})],
        house.assignment,
        7,
        sandbox=house.sandbox,
        allow_weak=True,
        mistakes=mistakes(house.assignment),
    )
    ((_, result),) = results
    assert {check.given for check in result.checks if check.problem == "2"} >= {"1"}
    assert {check.diagnosis.mutant for check in result.checks if check.problem == "2" and check.diagnosis} == {"sums"}


CHECKS = "\n\n".join(
    f"""
@problem("1", points=1)
def test_twice_{i}(ask: Ask) -> None:
    '''Twice, of a vector.'''
    from pathlib import Path
    x = ask.rng.normal(size=6)
    answer = ask("twice", x=x)
    if not np.array_equal(answer.value, x * x):  # not of the known mistake
        with Path(__file__).with_name("asked").open("a") as asked:
            asked.write(f"{i} {{int(x[0] > 0)}}\\n")
    answer.same_as_reference()
"""
    for i in range(16)
)


def test_how_an_answer_differs_is_said_only_if_it_differs_so_on_both_draws(house: House) -> None:
    """Half of what is wrong is the opposite of what is right, and half is anything, as the inputs come."""
    house.checks(CHECKS, points={"1": 16})
    own = house.but("def twice(x):\n    return -2 * x if x[0] > 0 else 3 * x + x * x * x\n")
    known = Specimen(
        "squared", "mutant", {"tiny": house.but("def twice(x):\n    return x * x\n")}, "1", "You squared.", "Add."
    )
    job = Job("ada", modules={"tiny": own})
    results = grade([job], house.assignment, 7, sandbox=house.sandbox, allow_weak=True, mistakes=[known])
    ((_, result),) = results
    assert result.points == 0
    drawn: dict[str, list[str]] = {}
    for line in (house.assignment.solution / "checks" / "asked").read_text().splitlines():
        drawn.setdefault(f"test_twice_{line.split()[0]}", []).append(line.split()[1])
    assert {tuple(sorted(set(signs))) for signs in drawn.values()} == {("0",), ("1",), ("0", "1")}
    for check in result.checks:
        says = check.diagnosis.says if check.diagnosis else ""
        assert ("has the opposite sign" in says) == (set(drawn[check.id]) == {"1"}), (drawn[check.id], says)
