"""Attacks on hidden inputs by one who knows how they are made: what a worker holds tells no other key."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.course.assignment import load_course
from grader.course.secret import fingerprint
from grader.judge.draws import Draws, key
from grader.proof.measure import seed_of

House = Any  # tests/conftest.py

COURSE = load_course(Path(__file__))
SECRET = "5d0c7be1943fa2866e18f7b2c09d4a35"
CHECK = "test_training_beats_the_trivial_baselines"
PURPOSES = ("inputs", "sent", "planted", "worker")
# What a submission finds where its random streams begin, and what it could make of that.
READS = """
def twice(x):
    import random
    import numpy
    import torch
    numbers = [torch.initial_seed(), int(numpy.random.get_state()[1][0]), random.getstate()[1][0]]
    return torch.tensor(numbers[:1], dtype=torch.float64)
"""


def planted_module() -> ModuleType:
    path = COURSE.assignment("hw0").folder / "planted.py"
    spec = importlib.util.spec_from_file_location("planted_again", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


WORLD = {"num_users": 150, "num_items": 50, "interactions_per_user": 20, "held_out": 5, "rank": 2}


def test_a_workers_seed_does_not_plant_the_data_again() -> None:
    """The attack that gained two points: held-out ratings from `torch.initial_seed()`."""
    planted = planted_module().planted_ratings
    draws = Draws(SECRET, CHECK)
    held_out = planted(**WORLD, seed=draws.planted_seed).test
    again = planted(**WORLD, seed=draws.planted_seed).test
    assert np.array_equal(held_out.ratings, again.ratings), "the right seed would do it"
    for guess in (
        draws.worker_seed,
        draws.worker_seed + 1,
        draws.sent_seed,
        draws.sent_seed * 2**32 + draws.worker_seed,
    ):
        test = planted(**WORLD, seed=guess).test
        same = np.mean((test.item_ids == held_out.item_ids) & (test.ratings == held_out.ratings))
        assert same < 0.1


def test_what_a_worker_reads_is_its_own_seed_and_neither_of_the_others(house: House) -> None:
    house.checks(
        """
        @problem("1", points=1)
        def test_twice(ask):
            '''Twice.'''
            came = int(ask("twice", x=np.ones(1)).value[0])
            check_that(False, came=str(came), expected=f"{ask.seed} {ask.planted_seed}")
        """
    )
    (result,) = house.judge(house.but(READS), seed=7)
    check = next(check for check in result.checks if check.id == "test_twice")
    draws = Draws(7, "test_twice")
    assert int(check.came) == draws.worker_seed
    assert check.expected == f"{draws.sent_seed} {draws.planted_seed}"
    assert len({draws.worker_seed, draws.sent_seed, draws.planted_seed % 2**32}) == 3


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_a_seed_that_a_check_sends_by_mistake_ends_it_before_it_is_sent(house: House, part: int) -> None:
    said = (
        "ask.planted_seed",
        "ask.planted_seed % 2**32",
        "ask.planted_seed % 2**63",
        "[1, {'a': (ask.planted_seed,)}]",
    )
    house.checks(
        f"""
        @problem("1", points=1)
        def test_twice(ask):
            '''Twice.'''
            ask("twice", x=np.ones(1), seed={said[part]})
        """
    )
    (result,) = house.judge(house.reference)
    check = next(check for check in result.checks if check.id == "test_twice")
    assert check.verdict == "grader_error"
    assert "holds the seed of planted data" in check.detail


@pytest.mark.parametrize("homework", COURSE.names())
def test_no_check_sends_the_seed_of_planted_data(homework: str) -> None:
    assignment = COURSE.assignment(homework)
    for path in [*assignment.solution.glob("checks/*.py"), *assignment.folder.glob("checks/*.py")]:
        for call in (
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ):
            if ast.unparse(call.func) in ("ask", "ask.raises"):
                assert "planted_seed" not in ast.unparse(call), f"{path.name}:{call.lineno}"


def test_a_seed_that_is_a_small_number_is_found_and_the_courses_is_not() -> None:
    """Who sees the inputs of one question tries every secret of up to 16 bits (the old 32 took a second a million)."""

    def first(secret: int | str) -> int:
        return int.from_bytes(key(secret, "worker", "test_mean", 0)[:4], "little")

    seen = {first(secret): secret for secret in range(2**16)}
    assert seen[first(2026)] == 2026, "a small one is found"
    assert seen.get(first(SECRET)) is None
    assert seen.get(first(COURSE.grading_seed)) is None


def test_no_two_purposes_checks_attempts_or_questions_have_a_key_in_common() -> None:
    names = ("test_a", "test_a1", "test_a#1", "test_a:1", "test_a11")
    keys = [
        key(SECRET, purpose, name, attempt, question)
        for purpose, name, attempt, question in itertools.product(PURPOSES, names, (0, 1, 11, 111), (0, 1, 11))
    ]
    assert len(set(keys)) == len(keys) == 240
    bits = np.unpackbits(np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), -1), axis=1)
    assert abs(bits.mean() - 0.5) < 5 * 0.5 / bits.size**0.5
    apart = (bits[:, None] != bits[None]).sum(axis=2)[np.triu_indices(len(keys), 1)]
    assert apart.min() > 70, "256 coins differ in 128 places, with a deviation of 8"


def test_the_worker_of_one_attempt_does_not_know_the_next() -> None:
    """Its seed as a secret, as a number or in place of the key gives nothing of the next attempt."""
    now, following = Draws(SECRET, CHECK, 0), Draws(SECRET, CHECK, 1)
    asked = following.stream(0).normal(size=100)
    guesses = [Draws(now.worker_seed, CHECK, 1).stream(0), Draws(str(now.sent_seed), CHECK, 1).stream(0), now.stream(0)]
    guesses += [np.random.default_rng(number) for number in (now.worker_seed, now.sent_seed, now.planted_seed)]
    for guess in guesses:
        assert abs(np.corrcoef(guess.normal(size=100), asked)[0, 1]) < 0.5
    assert len({draws.worker_seed for draws in (now, following)}) == 2


def test_who_knows_the_generator_whole_knows_nothing_that_is_drawn_after_the_question(house: House) -> None:
    """numpy's generator is not made to keep secrets: its state follows from what it gave. So it goes on elsewhere."""
    house.checks(
        """
        @problem("1", points=1)
        def test_twice(ask):
            '''Twice.'''
            state = ask.rng.bit_generator.state
            ask("twice", x=ask.rng.normal(size=5))
            held_out = ask.rng.normal(size=100)
            ask.rng.bit_generator.state = state
            ask.rng.normal(size=5)
            followed = float(abs(np.corrcoef(ask.rng.normal(size=100), held_out)[0, 1]))
            check_that(False, came=str(followed), expected="")
        """
    )
    (result,) = house.judge(house.reference)
    came = next(check.came for check in result.checks if check.id == "test_twice")
    assert float(came) < 0.5


def test_everybody_is_asked_the_same_also_after_questions(house: House) -> None:
    house.probes("def seen(x):\n    return x\n")
    house.checks(
        """
        @problem("1", points=1)
        def test_hidden(ask):
            '''Hidden.'''
            ask("seen", x=ask.rng.normal(size=2))
            ask("seen", x=ask.rng.normal(size=2))
            check_that(False, came=str(ask.rng.normal()), expected="")
        """
    )
    first, other = house.judge(house.reference, house.but("def mean(x):\n    return 1\n"))
    assert first.checks[0].came == other.checks[0].came != ""


def test_no_result_and_no_name_of_a_grading_holds_the_secret(house: House) -> None:
    (result,) = house.judge(house.reference, seed=SECRET)
    text = result.model_dump_json()
    assert result.environment.grading_seed == fingerprint(SECRET)
    assert not any(SECRET[i : i + 6] in text for i in range(len(SECRET) - 5))
    assert result.for_student().environment.grading_seed is None


def test_a_fingerprint_is_of_nothing_else() -> None:
    """It tells gradings apart, and is no beginning of any key."""
    draws = Draws(SECRET, CHECK)
    assert fingerprint(SECRET) != fingerprint(SECRET[:-1] + "6")
    assert fingerprint(SECRET) not in {key(SECRET, purpose, "", 0).hex()[:12] for purpose in PURPOSES}
    assert repr(draws).find(SECRET) == -1, "a traceback shows what it holds"


def test_seeds_of_proofs_and_calibrations_are_not_the_courses() -> None:
    assert {seed_of(name, i) for name in ("pilot", "fresh") for i in range(50)}.isdisjoint({COURSE.grading_seed})
    public, hidden = Draws(0, CHECK), Draws(COURSE.grading_seed, CHECK)
    assert public.worker_seed != hidden.worker_seed
    assert public.planted_seed != hidden.planted_seed
