"""`grade`: a class of submissions, or the demonstration class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from grader.batch.class_run import Begun, Job, grade
from grader.batch.engine import Engine
from grader.batch.unit import Making
from grader.commands.choosing import Choice, chosen
from grader.commands.conclude import Run, conclude
from grader.commands.engines import Where
from grader.commands.events import Events, Stream
from grader.commands.progress import Shown, progress
from grader.commands.stopping import Stopped, Stopping, stoppable
from grader.commands.tally import Tally
from grader.course.assignment import Assignment, Course
from grader.course.secret import Secret
from grader.errors import GraderError
from grader.intake import Asked, as_before, look_through
from grader.judge.explaining import unexplained
from grader.judge.result import Result
from grader.proof.deciding import graded_with
from grader.proof.demonstration import expectations, write_demonstration
from grader.proof.specimens import mistakes
from grader.report.account import Account, Standing
from grader.report.class_summary import summaries, summary_lines
from grader.report.earlier import Earlier, earlier, refuse_mixing
from grader.report.misconceptions import misconceptions, misconceptions_table
from grader.report.results_folder import results_folder, save
from grader.report.terminal import class_table, to_look_at_table, wide_console
from grader.sandbox.forked import Sandbox
from grader.sandbox.models import preload_of


@dataclass(frozen=True)
class Settings:
    """How a class is graded."""

    grading_seed: Secret
    confinement: str = "best"
    allow_weak: bool = False
    lanes: int | None = None
    only: frozenset[str] = frozenset()
    choice: Choice = field(default_factory=Choice)
    where: Where = field(default_factory=Where)
    events: Stream | None = None  # for programs; people then read standard error


def grade_class(
    assignment: Assignment,
    submissions: Path,
    out: Path,
    settings: Settings,
    console: Console | None = None,
    sandbox: Sandbox | None = None,
) -> bool:
    """Grades every entry of the folder `submissions`, writes results to `out` and shows a table.

    A result in `out` of the same unit of work stands, and is not made again. Results of others in `out` are kept, and
    are in class.csv too. A `sandbox` serves as in `grader.batch.class_run.grade`.

    Raises `WeightsError`, and writes nothing, where weights are missing, `ResultsError` where `out` holds another
    homework's results, or those of more problems than this run grades, and `IntakeError` where somebody is asked for
    who is not there.

    True when every submission got a grade (an unreadable one gets `invalid`), all results are on the disk, at least one
    submission could be read, and all grades in class.csv can be compared.
    """
    preload_of(assignment)
    console = console or wide_console(stderr=settings.events is not None)
    found = look_through(submissions, Asked.of(assignment))
    with results_folder(out), stoppable() as stopping:
        before = earlier(out)
        refuse_mixing(out, before, assignment, settings.only)
        jobs = [Job.of(entry) for entry in as_before(found.entries, before.results)]
        making = Making.of(graded_with(assignment), settings.grading_seed, settings.only, settings.confinement)
        account = Account(out, making, allow_weak=settings.allow_weak)
        account.shorten(list(before.results))
        choice = chosen(jobs, account.standing(jobs, before), before.results, settings.choice)
        standing, jobs_now = choice.standing, choice.jobs
        if not settings.choice.some and not settings.choice.force:
            standing = account.resumable(standing)
            jobs_now = tuple(job for job in choice.jobs if job.name not in standing.resumed)
        resumed = [job for job in choice.jobs if job.name in standing.resumed]
        if said := standing.said():
            console.print(said, markup=False, highlight=False, soft_wrap=True)
        if settings.events:
            settings.events.begun(assignment.name, len(jobs_now), standing)
        run = Run(kept=dict(standing.kept), left_out=dict(choice.left_out))
        aside = (account.from_aside(job.name) for job in resumed)
        run.results += [unexplained(each[0]) for each in aside if each]
        run.resumed = frozenset(result.submission for result in run.results)
        run.unexplained |= run.resumed
        if choice.jobs:
            with settings.where.running(sandbox) as engine:
                tally = Tally(len(jobs_now), engine.width(len(choice.jobs), settings.lanes), later=len(resumed))
                shown = shown_as(settings, assignment, tally, console, standing.again)
                graded(run, jobs_now, assignment, out, settings, shown, tally, stopping, engine, account, resumed)
            account.close()
        stopping.conclude()
        _print_class([*run.results, *run.kept.values()], console)
        good = conclude(run, out, before, found, console)
        if settings.events:
            settings.events.ended(run, good=good)
        return good


def grade_demonstration(
    course: Course, assignment: Assignment, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Writes the demonstration class, grades it, and compares each grade with what it should be.

    Everybody is graded each time: it shows what this machine does today.
    """
    preload_of(assignment)
    console = console or wide_console(stderr=settings.events is not None)
    with results_folder(out / "results"), stoppable() as stopping:
        console.print(
            "No SUBMISSIONS given: grading a demonstration class whose right grades are known.", highlight=False
        )
        known = write_demonstration(assignment, out / "submissions")
        found = look_through(out / "submissions", Asked.of(assignment))
        run, jobs = Run(), [Job.of(entry) for entry in found.entries]
        if settings.events:
            settings.events.begun(assignment.name, len(jobs), Standing())
        with settings.where.running() as engine:
            tally = Tally(len(jobs), engine.width(len(jobs), settings.lanes))
            shown = shown_as(settings, assignment, tally, console, {})
            graded(run, jobs, assignment, out / "results", settings, shown, tally, stopping, engine)
        stopping.conclude()
        expected, wrong = expectations(known, run.results)
        _print_class(run.results, console, expected)
        for name, why in wrong.items() if not run.ended else ():
            told = f"{name}: expected {expected.get(name, 'nothing')}, but {why}"
            console.print(told, style="red", markup=False, highlight=False)
        good = conclude(run, out / "results", Earlier(), found, console)
        if settings.events:
            settings.events.ended(run, good=good and not wrong)
        if not good:
            return False
        console.print(
            "Every grade is what it should be." if not wrong else "Some grades are wrong.",
            style="green" if not wrong else "red",
        )
        return not wrong


def graded(
    run: Run,
    jobs: Sequence[Job],
    assignment: Assignment,
    out: Path,
    settings: Settings,
    shown: Shown,
    tally: Tally,
    stopping: Stopping,
    engine: Engine,
    account: Account | None = None,
    resumed: Sequence[Job] = (),
) -> None:
    """Grades `jobs` into `run` and shows how far it is; each result is on the disk before anybody hears of it. The
    `resumed` have their points from an earlier run, and are only explained.

    Whatever ends the run early, what was graded is there. Raises `GraderError` when nothing could be started.
    """
    run.waiting = [job.name for job in jobs]
    unsure, places = set[str](), {each.submission: place for place, each in enumerate(run.results)}

    def started(job: Job) -> None:
        stopping.gentle = True
        if not job.witness:
            tally.begin(job.name)
            if account is not None:
                account.begin(job)
        shown.now(job.name, learning=job.witness)

    def keep(result: Result, *, finished: bool) -> None:
        save(out, result)
        if account is not None:
            account.note(result, finished=finished)

    def graded_now(result: Result, *, finished: bool, early: bool = False) -> None:
        # Its lane has the next one already, so the time to write this one is nobody's.
        tally.end(result.submission, error=result.verdict == "grader_error")
        with stopping.whole():
            keep(result, finished=finished)
            places[result.submission] = len(run.results)
            run.results.append(result)
            run.waiting.remove(result.submission)
            run.unexplained |= {result.submission} if early else set()
        tally.later += result.submission in run.unexplained
        shown.done(result, finished=finished)

    def graded_early(job: Job, result: Result) -> None:
        """The points are there; what they were lost for is said later."""
        graded_now(result, finished=False, early=True)

    def warned(text: str) -> None:
        run.warnings.append(text)
        shown.warning(text)

    def from_aside(job: Job) -> Begun | None:
        found = account.from_aside(job.name) if account is not None else None
        return (job, *found) if found else None

    def put_aside(begun: Begun) -> None:
        if account is not None:
            account.put_aside(begun[0].name, *begun[1:])

    results = grade(
        jobs,
        assignment,
        settings.grading_seed,
        engine=engine,
        confinement=settings.confinement,
        allow_weak=settings.allow_weak,
        lane_count=settings.lanes,
        only=settings.only,
        mistakes=mistakes(assignment),
        started=started,
        begun=resumed,
        from_aside=from_aside,
        early=graded_early,
        aside=put_aside,
        warn=warned,
        notice=shown.warning,
        unsure=lambda job: unsure.add(job.name),
        stop=lambda: bool(stopping.asked),
        tick=shown.tick,
    )
    try:
        with shown.shown, closing(results):
            for _, result in results:
                # Where a known mistake could not be judged, nobody's explanation is sure to be whole.
                finished = result.submission not in unsure and not run.warnings
                if result.submission in run.waiting:
                    graded_now(result, finished=finished)
                else:
                    with stopping.whole():
                        keep(result, finished=finished)
                        run.results[places[result.submission]] = result
                        run.unexplained.discard(result.submission)
                    tally.compared += 1
                    shown.explained(result)
        if stopping.asked and (run.waiting or run.unexplained):
            run.ended = f"stopped {stopping.asked}"
    except Stopped as how:
        run.ended = f"stopped {how}"
    except GraderError as error:
        if not stopping.gentle:
            raise
        run.ended = str(error)
    if account is not None:
        run.account_trouble = account.trouble


def shown_as(
    settings: Settings, assignment: Assignment, tally: Tally, console: Console, why: Mapping[str, Sequence[str]]
) -> Shown:
    """How a run is shown: to a program by events, else to a person. `why` has the reasons why some are graded again."""
    if settings.events:
        return Events(settings.events, tally, why)
    return progress(console, f"Grading {assignment.short}", tally)


def _print_class(results: Sequence[Result], console: Console, expected: dict[str, str] | None = None) -> None:
    if results:
        console.print(class_table(results, expected=expected))
    if shown := to_look_at_table(results):
        console.print(shown)
    if found := misconceptions(results):
        console.print(misconceptions_table(found))
    for line in summary_lines(summaries(results)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
