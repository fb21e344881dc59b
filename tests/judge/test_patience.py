"""How long a check may compute."""

import time
from typing import Any

import pytest

from grader.judge.patience import limited


def compute(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_computing_is_stopped() -> None:
    with pytest.raises(TimeoutError), limited(0.1):
        compute(5)


def test_waiting_is_not_and_nothing_is_afterwards() -> None:
    with limited(0.1):
        time.sleep(0.3)
    compute(0.2)


def test_without_a_limit_nothing_is_stopped() -> None:
    with limited(None):
        compute(0.1)


def test_never_in_the_middle_of_a_conversation_with_a_worker() -> None:
    space: dict[str, Any] = {"__name__": "grader.sandbox.channel", "compute": compute, "done": []}
    exec("def converse():\n    compute(0.3)\n    done.append(True)\n", space)
    with pytest.raises(TimeoutError), limited(0.1):  # noqa: PT012
        space["converse"]()
        compute(5)
    assert space["done"] == [True]
