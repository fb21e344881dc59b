"""Checks that are not put, because they need weights that are not here: neither passed nor failed, and said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from grader.judge.problem import Check


@dataclass(frozen=True)
class LeftOut:
    """The checks that were left out: name -> the check, its title. `why` are the reasons, each once."""

    names: Mapping[str, Check] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    why: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        items: Iterable[pytest.Item],
        checks: Mapping[str, Check],
        titles: Mapping[str, str],
        absence: Callable[[str], str],
    ) -> LeftOut:
        """Those of `items` that need weights for which `absence` has a reason."""
        why = {item.name: [w for name in checks[item.name].weights if (w := absence(name))] for item in items}
        names = {name: checks[name] for name, reasons in why.items() if reasons}
        reasons = dict.fromkeys(reason for of_check in why.values() for reason in of_check)
        return cls(names, {name: titles[name] for name in names}, tuple(reasons))

    def __bool__(self) -> bool:
        return bool(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def of_problem(self, id: str) -> int:
        """How many checks of a problem were left out."""
        return Counter(check.problem for check in self.names.values())[id]

    def __str__(self) -> str:
        """One line: which checks, why, and the command that brings the weights."""
        which = "; ".join(f"problem {check.problem}, {self.titles[name]}" for name, check in self.names.items())
        return f"Left out, neither passed nor failed: {which} {' '.join(self.why)}" if self else ""
