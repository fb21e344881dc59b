"""Public checks as a student reads them while they run, in a terminal or in a notebook's cell.

The fault of a whole file is told once, before all that it costs, and what is the same of many checks in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.text import Text

from grader.judge.result import CheckResult
from grader.report.saying import folded
from grader.report.terminal import check_text, file_text, folded_text


class Practice:
    """Takes one check after the other. `heading` shows the title of a problem, `tell` what is said of checks."""

    def __init__(
        self, titles: Mapping[str, str], heading: Callable[[Text], None], tell: Callable[[Text], None]
    ) -> None:
        self._titles, self._heading, self._tell = dict(titles), heading, tell
        self._faults: set[tuple[str, str]] = set()  # of files, that were told
        self._waiting: list[CheckResult] = []  # of one problem, to be told in a line

    def add(self, check: CheckResult) -> None:
        """Shows a check, or keeps it until it can be told with others."""
        if self._waiting and self._waiting[0].problem != check.problem:
            self.end()
        if check.file and (check.file, check.summary) not in self._faults:
            self._faults.add((check.file, check.summary))
            self._heading(Text(""))
            self._tell(file_text(check, staff=False))
        if title := self._titles.pop(check.problem, ""):
            self._heading(Text(f"\nProblem {check.problem}, {title}", style="bold"))
        if folded(check):
            self._waiting.append(check)
        else:
            self._tell(check_text(check, staff=False))

    def end(self) -> None:
        """Shows what was kept."""
        for text in folded_text(self._waiting):
            self._tell(text)
        self._waiting.clear()
