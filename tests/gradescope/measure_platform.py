"""What takes too long for every run of CI: `python tests/gradescope/measure_platform.py same|attacks|memory ...`.

    same hw0 --count 20      submissions of the demonstration class, each on the platform, and the class by `grade`
    attacks                  every attack of tests/attacks as a submission to the platform
    memory hw0 hw1 ...       the reference, the stub and some known mistakes in the platform's small container

Each is run as root, by the archive's own setup.sh and run_autograder.
"""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "attacks")]

from local_platform import METADATA, Container, Platform, Run  # noqa: E402
from open_folder import open_folder  # noqa: E402

from grader.commands.grade import Settings as Class  # noqa: E402
from grader.commands.grade import grade_class  # noqa: E402
from grader.commands.gradescope import write_archive  # noqa: E402
from grader.course.assignment import Assignment, Course, load_course  # noqa: E402
from grader.course.document import filled_in  # noqa: E402
from grader.gradescope.settings import Settings  # noqa: E402
from grader.judge.result import Result  # noqa: E402
from grader.proof.demonstration import write_demonstration  # noqa: E402
from grader.proof.specimens import specimens  # noqa: E402

# What stays open where namespaces are refused, as tests/attacks/README.md says. Each submission has a container of its
# own there, so nobody but its owner meets the full disk.
OPEN = ("fills_the_disk_out_of_sight",)


@click.group()
def main() -> None:
    """Measure what the archive does."""


def archive_of(course: Course, assignment: Assignment, folder: Path, given: Path | None = None) -> Path:
    """The archive that is given, or one made now."""
    if given is None:
        given = folder / f"{assignment.name}.zip"
        write_archive(course, assignment, given, Settings(homework=assignment.name))
    return given


# ---- the same grades as `make grade`


def laid_out(entry: Path, folder: Path) -> None:
    """An entry of a class as the platform lays it out: archives of the kind zip are unpacked there."""
    folder.mkdir()
    if entry.is_dir():
        shutil.copytree(entry, folder, dirs_exist_ok=True)
    elif entry.suffix == ".zip" and not entry.name.startswith("broken"):
        with zipfile.ZipFile(entry) as zipped:
            zipped.extractall(folder)
    else:
        shutil.copy(entry, folder)


def chosen(folder: Path, count: int) -> list[Path]:
    """Entries of all kinds: the first ones, hostile and broken ones, and known mistakes over the whole class."""
    entries = sorted(folder.iterdir())
    special = [path for path in entries if path.name.startswith(("hostile_", "broken_", "reference", "stub"))]
    rest = [path for path in entries if path not in special]
    special = special[:: max(1, len(special) * 2 // count)][: count // 2]
    wanted = count - len(special)
    return [*special, *(rest[len(rest) * i // wanted] for i in range(wanted))]


def numbered(entries: Sequence[Path], download: Path) -> dict[str, Path]:
    """The class as a download for graders: submission_<id>/ for each, and the list beside them."""
    download.mkdir()
    lines, found = ["---"], dict[str, Path]()
    for number, entry in enumerate(entries, 1001):
        name = f"submission_{number}"
        laid_out(entry, download / name)
        found[name] = entry
        lines += [f"{name}:", "  :submitters:", f"  - :name: Student {number}", f"    :sid: '{number}'"]
        lines += [f"    :email: s{number}@uni.edu", "  :created_at: 2027-03-05 21:10:00.365935000 -08:00"]
    (download / "submission_metadata.yml").write_text("\n".join(lines) + "\n")
    return found


def compared(run: Run, result: Result) -> list[str]:
    """Where the platform's results and the class's are not the same."""
    tests = {test["extra_data"]["check"]: test for test in run.results["tests"] if "details" not in test["tags"]}
    found = []
    if run.results["extra_data"].get("points") != str(result.points):
        found.append(f"points {run.results['extra_data'].get('points')}, not {result.points}")
    for check in result.checks:
        there = tests.get(check.id)
        here = (check.verdict, str(check.points))
        if there is None or (there["tags"][0], there["extra_data"]["points"]) != here:
            found.append(f"{check.id}: {here} by grade, {there and (there['tags'][0], there['extra_data']['points'])}")
    if Fraction(run.results["score"]).limit_denominator(1000) != result.points:
        found.append(f"score {run.results['score']}, not {result.points}")
    return found


def by_command(assignment: Assignment, download: Path, secret: str) -> dict[str, Result]:
    """The results of `grade`, with all that it says of known mistakes."""
    out = download.with_name("results")
    grade_class(assignment, download, out, Class(secret))
    return {path.stem: Result.model_validate_json(path.read_bytes()) for path in out.rglob("*.json")}


def same_grades(
    platform: Platform,
    assignment: Assignment,
    secret: str,
    folder: Path,
    count: int,
    grades: Callable[[Assignment, Path, str], dict[str, Result]] = by_command,
) -> Iterator[str]:
    """Grades some of the demonstration class on the platform and by `grades`; says each, and what differs."""
    write_demonstration(assignment, folder / "class")
    names = numbered(chosen(folder / "class", count), folder / "download")
    results = grades(assignment, folder / "download", secret)
    for name, entry in names.items():
        run = platform.run(folder / "download" / name, {**METADATA, "id": int(name.removeprefix("submission_"))})
        differs = compared(run, results[name])
        points = f"{run.results['score']:>5} {run.state:12} {run.seconds:4.0f} s {run.peak_mb:4} MB"
        yield f"{'DIFFERS' if differs else 'same':7} {points}  {entry.name} {'; '.join(differs)}"


@main.command()
@click.argument("homework", default="hw0")
@click.option("--count", default=20)
@click.option("--archive", type=click.Path(path_type=Path))
@click.option("--container/--no-container", default=True)
def same(homework: str, count: int, archive: Path | None, container: bool) -> None:
    """The demonstration class, on the platform and by `grade`."""
    course = load_course(REPOSITORY)
    assignment = course.assignment(homework)
    with open_folder() as folder:
        built = Platform.built(
            archive_of(course, assignment, folder, archive), folder, container=Container() if container else None
        )
        lines = []
        for line in same_grades(built, assignment, course.grading_seed, folder, count):
            print(line, flush=True)
            lines.append(line)
    differ = sum(line.startswith("DIFFERS") for line in lines)
    print(f"{len(lines)} submissions, {differ} with other grades.")
    sys.exit(1 if differ else 0)


# ---- attacks


def attacked(platform: Platform, names: Sequence[str], assignment: Assignment) -> Iterator[tuple[str, Run]]:
    """Every attack as a submission to the platform; first the wrong work by itself, last the harm that was done."""
    import composing
    import run_class

    solution = platform.root / "source" / "solutions" / assignment.name
    place = platform.root.parent / "surroundings"
    place.mkdir()
    place.chmod(0o777)
    surroundings = run_class.Surroundings(place, solution)
    reference = (assignment.solution / "multitask.py").read_text()
    base = composing.wrong(reference)
    found = [attack for attack in composing.attacks() if not names or attack.name in names]
    knowledge = {**surroundings.knowledge(), "REPOSITORY": str(platform.root / "source")}
    for name, text in (("base", base), *((each.name, composing.armed(base, each, knowledge)) for each in found)):
        submission = platform.root.parent / "attack"
        shutil.rmtree(submission, ignore_errors=True)
        submission.mkdir()
        (submission / "multitask.py").write_text(text)
        yield name, platform.run(submission)
    harm = {kind: what for kind, what in surroundings.harm().items() if what}
    assert harm == {}, harm


def attack_faults(name: str, run: Run, base: Run) -> list[str]:
    """What an attack has gained: points, a secret, a results file of its own, our mistake in place of its own."""

    def of_both(results: dict[str, Any]) -> float:
        return float(sum(test["score"] for test in results["tests"] if test["number"][0] in "12"))

    found = []
    if name not in OPEN and of_both(run.results) > of_both(base.results):
        found.append(f"{name}: has {of_both(run.results)} points")
    if name not in OPEN and run.results["score"] > base.results["score"]:
        found.append(f"{name}: has {run.results['score']} points in all")
    if run.state not in ("graded", "out_of_time"):
        found.append(f"{name}: {run.state}")
    # Inputs of public checks are no secret; their students see everything of these.
    hidden = [test for test in run.results["tests"] if "public" not in test["tags"]]
    told = json.dumps([run.results["output"], hidden])
    found += [f"{name}: {word} is told of a hidden check" for word in ("LEAKED", "741852") if word in told]
    found += [f"{name}: a secret is in the results"] if "CANARY-" in run.text else []
    if run.results["stdout_visibility"] != "hidden" or "CANARY-" in run.stdout:
        found.append(f"{name}: standard output tells too much")
    return found


@main.command()
@click.argument("names", nargs=-1)
@click.option("--archive", type=click.Path(path_type=Path))
@click.option("--cpus", default=2.0, help="The container's processors; 0 for no container.")
@click.option("--short-limits/--own-limits", default=True)
def attacks(names: tuple[str, ...], archive: Path | None, cpus: float, short_limits: bool) -> None:
    """Every attack of tests/attacks, on the platform."""
    course = load_course(REPOSITORY)
    assignment = course.assignment("hw0")
    with open_folder() as folder:
        platform = Platform.built(
            archive_of(course, assignment, folder, archive), folder, container=Container(cpus=cpus) if cpus else None
        )
        if short_limits:
            shorten(platform, assignment)
        faults, count, base = list[str](), 0, None
        for name, run in attacked(platform, names, assignment):
            base = base or run
            found = attack_faults(name, run, base)
            told = "; ".join(found) or "held"
            print(
                f"{name:40} {run.results['score']:>5} {run.state:12} {run.seconds:4.0f} s {run.peak_mb:4} MB  {told}",
                flush=True,
            )
            faults += found
            count += 1
    print(f"{count - 1} attacks, {len(faults)} of which gained something.")
    sys.exit(1 if faults else 0)


def shorten(platform: Platform, assignment: Assignment) -> None:
    """Short limits, as the attack suite has them: an attack that is stopped need not be waited for."""
    described = platform.root / "source" / "assignments" / assignment.name / "assignment.toml"
    short = "call_cpu_s = 0.6\ncall_wall_s = 0.7\nimport_cpu_s = 1\nimport_wall_s = 1.5\nmemory_mb = 600\n"
    described.write_text(f"{described.read_text()}\n[limits]\n{short}")


# ---- memory


def written(assignment: Assignment, modules: Mapping[str, str], folder: Path) -> Path:
    """A submission of these modules, or the document that stands for the module."""
    folder.mkdir()
    for module, text in modules.items():
        if assignment.document:
            handed_out = (assignment.folder / assignment.document).read_text()
            (folder / assignment.document).write_text(filled_in(handed_out, text))
        else:
            (folder / f"{module}.py").write_text(text)
    return folder


@main.command()
@click.argument("homeworks", nargs=-1)
@click.option("--archives", type=click.Path(path_type=Path), help="A folder with <hw>.zip of each.")
@click.option("--memory-mb", default=768)
@click.option("--right", is_flag=True, help="All right solutions, and whether they have full marks.")
def memory(homeworks: tuple[str, ...], archives: Path | None, memory_mb: int, right: bool) -> None:
    """The peak of memory in the platform's container."""
    course = load_course(REPOSITORY)
    for homework in homeworks or ("hw0", "hw1", "hw2", "hw3", "hw4"):
        assignment = course.assignment(homework)
        with open_folder() as folder:
            given = archives / f"{homework}.zip" if archives else None
            archive = archive_of(course, assignment, folder, given)
            platform = Platform.built(archive, folder, container=Container(memory_mb=memory_mb))
            known = specimens(assignment)
            mutants = [each for each in known if each.kind == "mutant"]
            wanted = [known[0], known[1], *mutants[:: max(1, len(mutants) // 4)][:4]]
            if right:
                wanted = [each for each in known if each.kind in ("reference", "alternative")]
            for specimen in wanted:
                run = platform.run(written(assignment, specimen.modules, folder / specimen.name))
                peak = f"{run.peak_mb} MB of shares, {run.group_peak_mb} MB with file cache, refused {run.refused}"
                told = f"{run.results['score']} points, {run.state}, {run.seconds:.0f} s, {peak}"
                print(f"{homework} {specimen.name}: {told}", flush=True)


if __name__ == "__main__":
    main()
