"""One student's page: the grade, and where each number of it comes from. One file, no script, fit to be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.book.by_hand import Parts, not_final, parts_of
from grader.book.explained import HUNDRED, explained
from grader.book.lateness import due_at, shown_at
from grader.book.policy import Policy
from grader.book.rounding import rounded, rounded_parts
from grader.book.standing import IN_TIME, Counted, Standing, Work

UNTIMED = "in time (no time is known)"
TEMPLATES = Path(__file__).parent / "templates"
MADE = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True)
class Row:
    """A line of the table, as it is printed. `start` and `end` are where its bar lies in time, in percent."""

    name: str
    handed_in: str
    timed_by: str
    points: str
    late: str
    weighs: str
    brings: str
    start: float
    end: float


def page_of(
    policy: Policy, name: str, work: Work, standing: Standing, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The page as HTML. `names` are those of the others in the student's groups, by key."""
    sources = {each.name: _source(work, each) for each in standing.counted}
    partners = {each.name: work.partners_on(each.name) for each in policy.homeworks}
    return MADE.get_template("student.html.jinja").render(
        name=name,
        grade=rounded(HUNDRED * standing.grade),
        rows=_rows(policy, work, standing),
        not_final=not_final(policy, work),
        lines=explained(policy, work, standing),
        by_hand=_by_hand(policy, work, standing),
        partners={what: ", ".join(names.get(key, key) for key in keys) for what, keys in partners.items() if keys},
        sources={what: source for what, source in sources.items() if source},
        spent=standing.spent,
        late_days=policy.late_days,
        zone=policy.zone,
    )


def _source(work: Work, counted: Counted) -> str:
    return counted.hand_in.source if counted.hand_in else work.sources.get(counted.name, "")


def _by_hand(policy: Policy, work: Work, standing: Standing) -> dict[str, Parts]:
    """The questions that people graded, of each homework that counts."""
    return {
        each.name: parts_of(policy, each.hand_in, work.by_hand[each.name])
        for each in standing.counted
        if each.hand_in and each.name in work.by_hand and work.by_hand[each.name].answers
    }


def _rows(policy: Policy, work: Work, standing: Standing) -> list[Row]:
    weights = rounded_parts([HUNDRED * each.weight for each in standing.counted])
    values = rounded_parts([HUNDRED * each.value for each in standing.counted])
    first, last = _ends(policy, standing.counted)
    return [
        Row(
            each.name,
            _told(each.hand_in.at, policy) if each.hand_in and work.handed_in.get(each.name) else "",
            each.hand_in.timed_by if each.hand_in else "",
            _points(policy, each, work),
            _late(each),
            weighs,
            brings,
            *_bar(policy, each, first, last),
        )
        for each, weighs, brings in zip(standing.counted, weights, values, strict=True)
    ]


def _told(at: datetime, policy: Policy) -> str:
    return UNTIMED if at == IN_TIME else shown_at(at, policy.zone)


def _points(policy: Policy, counted: Counted, work: Work) -> str:
    if counted.hand_in:
        return f"{rounded(counted.hand_in.points)} of {rounded(counted.hand_in.of)}"
    of = next((part.points for part in policy.project if part.name == counted.name), None)
    if of is None or counted.name not in work.project:
        return "none"
    return f"{rounded(counted.share * of)} of {rounded(of)}"


def _late(counted: Counted) -> str:
    if not counted.late:
        return ""
    kept = "" if counted.kept == 1 else f", {rounded(HUNDRED * counted.kept)} % kept"
    return f"{counted.late} ({counted.spent} covered{kept})"


def _ends(policy: Policy, counted: Sequence[Counted]) -> tuple[datetime, datetime]:
    zone = ZoneInfo(policy.zone)
    dues = [due_at(due, zone) for due in policy.due.values()] or [datetime.fromtimestamp(0, zone)]
    given = [each.hand_in.at for each in counted if each.hand_in and each.hand_in.at > IN_TIME]
    return min([*dues, *given]), max([*dues, *given])


def _bar(policy: Policy, counted: Counted, first: datetime, last: datetime) -> tuple[float, float]:
    """From the due date to the hand-in; nothing where it was in time."""
    whole = (last - first).total_seconds() or 1.0
    if not counted.hand_in or counted.hand_in.at == IN_TIME or counted.name not in policy.due:
        return 0.0, 0.0
    due = due_at(policy.due[counted.name], ZoneInfo(policy.zone))
    ends = [100 * (at - first).total_seconds() / whole for at in (due, max(due, counted.hand_in.at))]
    return round(ends[0], 2), round(ends[1], 2)
