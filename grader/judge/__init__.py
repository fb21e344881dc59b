"""The trusted side: pytest, the reference's answers, comparisons and verdicts.

A check imports from here: `from grader.judge import Ask, Credit, check_that, close, problem`.
"""

from grader.judge.ask import Answer, Ask, Credit, check_that, close
from grader.judge.problem import problem
from grader.judge.verdict import CheckEnded, Mismatch

__all__ = ["Answer", "Ask", "CheckEnded", "Credit", "Mismatch", "check_that", "close", "problem"]
