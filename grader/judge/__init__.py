"""The trusted side: pytest, the reference's answers, comparisons and verdicts.

A check imports from here: `from grader.judge import Ask, Calibrated, Credit, check_that, close, problem, varies`.
"""

from grader.judge.ask import Answer, Ask, Credit, check_that, close, varies
from grader.judge.calibrated import Calibrated
from grader.judge.problem import problem
from grader.judge.retest import Retest
from grader.judge.verdict import CheckEnded, Mismatch

__all__ = [
    "Answer",
    "Ask",
    "Calibrated",
    "CheckEnded",
    "Credit",
    "Mismatch",
    "Retest",
    "check_that",
    "close",
    "problem",
    "varies",
]
