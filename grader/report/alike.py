"""What `similar` found, for the page of a class: who is alike with whom, in groups. It is a signal, and no verdict."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError


@dataclass(frozen=True)
class Cluster:
    """Submissions that hang together by pairs that are alike. `most` is the largest share of one that another has."""

    names: tuple[str, ...]
    most: float


def clusters(path: Path) -> tuple[Cluster, ...]:
    """The clusters of a `similar.csv`, the most alike first. Raises `CourseError` where it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["one"], row["other"], _share(row)) for row in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise CourseError(f"{path}: is no table of `make similar` ({error}). Make it again.") from None
    of: dict[str, set[str]] = {}
    for one, other, _ in rows:
        joined = of.setdefault(one, {one}) | of.setdefault(other, {other})
        for name in joined:
            of[name] = joined
    groups = {frozenset(names) for names in of.values()}
    found = [Cluster(tuple(sorted(names)), max(share for one, _, share in rows if one in names)) for names in groups]
    return tuple(sorted(found, key=lambda each: (-each.most, each.names)))


def _share(row: dict[str, str]) -> float:
    share = max(float(row["share_of_one"]), float(row["share_of_other"]))
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    return share
