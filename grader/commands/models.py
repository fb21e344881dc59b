"""`models`: which weights the homeworks need, and whether each is installed and whole."""

from __future__ import annotations

from collections.abc import Sequence

import click

from grader.course.assignment import Assignment
from grader.course.preload import Weights
from grader.errors import WeightsError


def needed_weights(assignments: Sequence[Assignment]) -> list[Weights]:
    """The weights of all these homeworks, for checks and for experiments, each once."""
    of_checks = [weights for each in assignments if each.preload for weights in each.preload.weights]
    of_experiments = [weights for each in assignments for weights in each.experiment_weights]
    return list(dict.fromkeys([*of_checks, *of_experiments]))


def show_weights(weights: Sequence[Weights]) -> bool:
    """Prints a line for each, and says whether all are here and the right ones."""
    whole = True
    for each in weights:
        try:
            size = each.path().stat().st_size / 1e6
            click.echo(f"{each.name}: {each.requirement}, {size:.0f} MB, {each.licence}; whole")
        except WeightsError as error:
            whole = False
            click.secho(str(error), fg="red")
    if not weights:
        click.echo("No homework here needs weights.")
    return whole
