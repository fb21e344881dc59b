"""What follows from a verdict, as the handouts and docs/result.md promise it."""

from typing import get_args

import pytest

from grader.judge.verdict import MEANING, WRONG, Verdict


def those(what: str) -> set[str]:
    return {verdict for verdict, meaning in MEANING.items() if getattr(meaning, what)}


def test_every_verdict_has_a_meaning() -> None:
    assert list(MEANING) == list(get_args(Verdict))


@pytest.mark.parametrize(
    ("what", "verdicts"),
    [
        (
            "charged",
            {"failed", "missing", "blocked", "timeout", "crashed", "invalid"},
        ),  # what is our fault costs nobody
        ("blocks", {"failed", "blocked", "timeout", "crashed", "grader_error"}),  # where it is missing, one is asked
        ("final", {"missing", "blocked", "timeout", "crashed", "invalid", "grader_error"}),
        ("wrong", {"failed", "crashed"}),
        ("caught", {"failed", "missing", "timeout", "crashed", "invalid", "grader_error"}),
    ],
)
def test_what_follows_from_each(what: str, verdicts: set[str]) -> None:
    assert those(what) == verdicts


def test_what_is_wrong_is_compared_with_known_mistakes() -> None:
    assert set(WRONG) == those("wrong")
