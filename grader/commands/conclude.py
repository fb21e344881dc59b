"""The end of a grading run: the class's files, and a few lines that say how it went and what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from grader.commands.choosing import NEVER
from grader.intake import ClassFolder, PassedOver
from grader.intake.names import listed
from grader.judge.result import Environment, Result
from grader.report.class_file import PASSED_OVER, write_class, write_passed_over
from grader.report.earlier import Earlier, unlike
from grader.report.misconceptions import write_misconceptions
from grader.report.results_folder import lost as lost_results

SHOWN = 3  # names in a line about many


@dataclass
class Run:
    """What a run has come to so far. `ended` says why it ended before everybody had a turn; the `unexplained` have
    their points, and were not yet compared with known mistakes. The `kept` are of the class, and have a result that
    stands; those `left_out` have none, or one that does not stand, and nobody asked for them. The `resumed` are among
    the results, have their points from an earlier run, and are only compared with known mistakes."""

    results: list[Result] = field(default_factory=list)
    kept: dict[str, Result] = field(default_factory=dict)
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    resumed: frozenset[str] = frozenset()
    account_trouble: str = ""
    waiting: list[str] = field(default_factory=list)
    unexplained: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    ended: str = ""


def conclude(run: Run, out: Path, before: Earlier, found: ClassFolder, console: Console) -> bool:
    """Writes what is told of the class, looks whether every result is on the disk, and says how the run went.

    True when everybody in class.csv has a grade that this run, or one like it, gave.
    """
    lost, tables = lost_results(out, run.results), ""
    kept = before.without({result.submission for result in run.results})
    try:
        write_class(out / "class.csv", run.results, run.waiting, before)
        write_misconceptions(out / "misconceptions.csv", [*run.results, *kept.results.values()])
        write_passed_over(out, found.passed_over, found.folder)
    except OSError as error:
        tables = f"{out / 'class.csv'} and misconceptions.csv cannot be written ({error.strerror})."
    standing = [*run.results, *run.kept.values()]
    ours = [result.submission for result in run.results if result.verdict == "grader_error"]
    invalid = [result.submission for result in standing if result.verdict == "invalid"]
    count = len(standing) - len({*ours, *lost})

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    for note in found.notes:
        say(note, "yellow")
    for line in passed_over_lines(found.passed_over):
        say(line, "bright_black")
    if run.ended:
        say(f"The run ended early: {run.ended}", "bold red")
    of = len(standing) + len(run.waiting) + len(run.left_out)
    say(f"{count} of {of} graded. Results: {out} (class.csv, misconceptions.csv, one JSON each).")
    doubtful = kept_lines(kept.without([*run.waiting, *run.kept]), standing)
    doubtful += [(line, "yellow") for line in left_out_lines(run.left_out)]
    for line, style in doubtful:
        say(line, style)
    # Of everybody in class.csv: results of one folder may have been made with more confinement, and with less.
    folder = {**kept.results, **{result.submission: result for result in standing}}
    for line, style in environment_lines([result.environment for result in folder.values()]):
        say(line, style)
    if invalid:
        say(f"Could not be read: {', '.join(invalid)}.", "magenta")
    for warning in run.warnings:
        say(warning, "yellow")
    if ours:
        say(f"Not graded, by our own mistake: {', '.join(ours)}.", "bold red")
        check = next(check for result in run.results for check in result.checks if check.verdict == "grader_error")
        why = check.detail.strip().splitlines()[-1:]  # of a traceback, what it comes to
        say(f"{check.id}: {''.join(why)}", "red")
    if lost:
        say(f"Not on the disk, though judged: {', '.join(lost)}. {next(iter(lost.values()))}", "bold red")
    if tables:
        say(tables, "bold red")
    if run.account_trouble:
        say(f"{run.account_trouble}. Nothing is lost; the next run grades again what is not noted there.", "yellow")
    if run.unexplained:
        say(f"Not compared with known mistakes yet: {len(run.unexplained)}. The same command does it.", "yellow")
    if run.waiting:
        say(f"Not judged yet: {', '.join(run.waiting)}. The same command goes on here.", "bold red")
    whole = not (ours or lost or tables or run.waiting or run.ended or run.warnings)
    return whole and len(invalid) < len(standing) and not any(style for _, style in doubtful)


def environment_lines(environments: Sequence[Environment]) -> list[tuple[str, str]]:
    """How the results were confined, and with what that was never tried: a line and its style each."""
    of = len(environments)
    layers = Counter(f"{each.confinement} ({', '.join(each.layers) or 'none'})" for each in environments)
    told = [kind if count == of else f"{count} of {of} {kind}" for kind, count in layers.most_common()]
    found = [(f"Confinement: {'; '.join(told)}.", "")] if told else []
    for outside, count in Counter(name for each in environments for name in each.untried).most_common():
        say_so = "every result says so" if count == of else f"{count} of {of} results say so"
        found.append((f"Not tried with this grader: {outside}; {say_so}.", "yellow"))
    if weak := sum(each.weak_confinement_allowed for each in environments):
        found.append((f"WEAK CONFINEMENT: {weak} of {of} results were made with it; each says so.", "bold red"))
    return found


def left_out_lines(left_out: Mapping[str, Sequence[str]]) -> list[str]:
    """Who has no grade that stands, and was not asked for."""
    never = sorted(name for name, reasons in left_out.items() if tuple(reasons) == (NEVER,))
    past = {name: reasons for name, reasons in left_out.items() if name not in never}
    found = []
    if never:
        found.append(f"Never graded, and not asked for: {listed(never, SHOWN)}. Grade without options.")
    if past:
        told = "; ".join(dict.fromkeys(" and ".join(reasons) for reasons in past.values()))
        names = listed(sorted(past), SHOWN)
        found.append(f"Out of date, and not asked for: {names} ({told}). Grade without options.")
    return found


def kept_lines(kept: Earlier, results: Sequence[Result]) -> list[tuple[str, str]]:
    """What class.csv holds of earlier runs, a line and its style each; a style says that there is something to do."""
    found = list[tuple[str, str]]()
    ungraded = [*kept.ungraded, *(name for name, it in kept.results.items() if it.verdict == "grader_error")]
    graded = {name: result for name, result in kept.results.items() if name not in ungraded}
    if graded:
        found.append(
            (
                f"Kept from earlier runs: {len(graded)} ({listed(sorted(graded), SHOWN)}). class.csv has them too; "
                "remove the JSON of who has left the class.",
                "",
            )
        )
    reasons = {name: why for name, result in graded.items() if results and (why := unlike(result, results[0]))}
    if reasons:
        found.append(
            (
                f"{len(reasons)} of them cannot be compared with this run ({listed(sorted(reasons), SHOWN)}): "
                f"{next(iter(reasons.values()))}. Grade the whole class again.",
                "yellow",
            )
        )
    if ungraded:
        found.append((f"Still without a grade from earlier runs: {listed(sorted(ungraded), SHOWN)}.", "yellow"))
    if kept.unreadable:
        found.append((f"Cannot be read as results: {'; '.join(list(kept.unreadable.values())[:SHOWN])}", "yellow"))
    return found


def passed_over_lines(passed: Sequence[PassedOver]) -> list[str]:
    """The files that are nobody's submission, a line for each reason."""
    reasons: dict[str, list[str]] = {}
    for each in passed:
        reasons.setdefault(each.why, []).append(each.file)
    lines = [f"  {len(files)} × {why}: {listed(files, SHOWN)}" for why, files in reasons.items()]
    return [f"No submissions ({PASSED_OVER} has all):", *lines] if lines else []
