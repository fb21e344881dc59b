"""How an exception out of a check ends it."""

import pytest

from grader.errors import BrokenCheck, SandboxLost
from grader.judge.running import classified
from grader.judge.verdict import Broke, CheckEnded, Mismatch


@pytest.mark.parametrize("error", [CheckEnded("timeout", "It took too long."), Mismatch("No."), SandboxLost("gone")])
def test_what_ends_a_check_on_purpose_is_how_it_ended(error: Exception) -> None:
    assert classified(error) is error


def test_a_check_that_breaks_down_has_an_account_and_no_verdict_yet() -> None:
    assert classified(BrokenCheck("no sense")) == Broke("no sense")
    ended = classified(KeyError("x"))
    assert isinstance(ended, Broke)
    assert "KeyError: 'x'" in ended.account


def test_a_bare_assert_is_the_submissions_fault() -> None:
    ended = classified(AssertionError("3 == 2"))
    assert isinstance(ended, CheckEnded)
    assert (ended.verdict, ended.detail) == ("failed", "3 == 2")


def test_a_check_that_skips_itself_is_our_fault() -> None:
    with pytest.raises(pytest.skip.Exception) as skipped:
        pytest.skip("not today")
    assert str(classified(skipped.value)) == "A check may not skip itself: not today"
