"""The reference's answers: asked once, kept by content, and recorded for students bit by bit."""

import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.errors import GraderError
from grader.judge.answers import (
    RecordedAnswers,
    Recorder,
    ReferenceAnswers,
    from_json,
    question_key,
    to_json,
)
from grader.sandbox import wire
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Limits, Reply
from grader.sandbox.spawned import SpawnedHost

BUSY = """
import time

def busy(n):
    begin = time.process_time()
    while time.process_time() - begin < 0.4:
        pass
    return n
"""

PROBES = """
import ref, torch

def twice(x):
    return ref.twice(x)

def noise(n):
    return torch.randn(n)
"""
REFERENCE = {"ref": "def twice(x):\n    if x is None:\n        raise KeyError('x')\n    return x + x\n"}


class Counted(InlineHost):
    """A real host that counts what it is asked."""

    def __init__(self, modules: Mapping[str, str], probes: str) -> None:
        super().__init__(modules, probes)
        self.asked = 0

    def call(self, probe: str, arguments: Mapping[str, Any], seed: int, **limits: Any) -> Reply:
        self.asked += 1
        return super().call(probe, arguments, seed, **limits)


@pytest.fixture
def host() -> Counted:
    return Counted(REFERENCE, PROBES)


def test_the_time_of_one_submission_is_no_limit_to_what_the_reference_answers(tmp_path: Path) -> None:
    limits = Limits(total_cpu_s=1.0)
    known = ReferenceAnswers(lambda: SpawnedHost({}, BUSY, limits), {}, BUSY, tmp_path)
    assert [known.reply("busy", {"n": n}, seed=0) for n in range(4)] == [("returned", n) for n in range(4)]
    known.close()


def answers(host: Counted, folder: Path, *, reference: Mapping[str, str] = REFERENCE, probes: str = PROBES) -> Any:
    """As a new process would make them: nothing is remembered but what lies in `folder`."""
    return ReferenceAnswers(lambda: host, reference, probes, folder)


def test_a_question_is_put_once_and_never_again(host: Counted, tmp_path: Path) -> None:
    one = answers(host, tmp_path)
    assert one.reply("twice", {"x": 2}, 0) == ("returned", 4)
    assert one.reply("twice", {"x": 2}, 0) == ("returned", 4)
    assert answers(host, tmp_path).reply("twice", {"x": 2}, 0) == ("returned", 4)
    assert host.asked == 1


def test_an_exception_is_an_answer_too(host: Counted, tmp_path: Path) -> None:
    for _ in range(2):
        outcome, bases = answers(host, tmp_path).reply("twice", {"x": None}, 0)
        assert (outcome, bases[:2]) == ("raised", ("KeyError", "LookupError"))
    assert host.asked == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"probe": "noise", "arguments": {"n": 2}},
        {"arguments": {"x": 3}},
        {"arguments": {"x": 2.0}},
        {"arguments": {"x": True}},
        {"seed": 1},
        {"reference": {"ref": REFERENCE["ref"] + "# better\n"}},
        {"probes": PROBES + "# better\n"},
    ],
)
def test_any_change_of_the_question_asks_anew(host: Counted, tmp_path: Path, changed: dict[str, Any]) -> None:
    answers(host, tmp_path).reply("twice", {"x": 2}, 0)
    made_of = {key: changed.pop(key) for key in ("reference", "probes") if key in changed}
    question = {"probe": "twice", "arguments": {"x": 2}, "seed": 0} | changed
    answers(host, tmp_path, **made_of).reply(**question)
    assert host.asked == 2


def test_another_processor_asks_anew(host: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for capability, asked in (("avx2", 1), ("default", 2), ("avx2", 2)):
        monkeypatch.setenv("ATEN_CPU_CAPABILITY", capability)
        assert answers(host, tmp_path).reply("twice", {"x": 2}, 0) == ("returned", 4)
        assert host.asked == asked


def test_what_is_kept_for_one_seed_is_not_told_for_another(host: Counted, tmp_path: Path) -> None:
    one, other = (answers(host, tmp_path).reply("noise", {"n": 3}, seed)[1].data.tolist() for seed in (0, 1))
    assert one != other


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"not a frame",
        wire.encode("text"),
        wire.encode(["returned"]),
        wire.encode(["forged", 1]),
        wire.encode([["returned"], 1]),
        wire.encode(["returned", 1])[:-1],
    ],
)
def test_a_kept_answer_that_is_damaged_is_asked_for_again(host: Counted, tmp_path: Path, damage: bytes) -> None:
    answers(host, tmp_path).reply("twice", {"x": 2}, 0)
    (file,) = tmp_path.glob("*/*.frame")
    file.write_bytes(damage)
    assert answers(host, tmp_path).reply("twice", {"x": 2}, 0) == ("returned", 4)
    assert host.asked == 2
    assert answers(host, tmp_path).reply("twice", {"x": 2}, 0) == ("returned", 4)  # mended
    assert host.asked == 2


def test_a_reference_that_gives_no_answer_is_our_fault_and_not_kept(host: Counted, tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="The reference gave no answer to 'nothing': no_probe"):
        answers(host, tmp_path).reply("nothing", {}, 0)
    assert not list(tmp_path.glob("*/*.frame"))


def test_the_order_of_arguments_is_part_of_the_question_and_never_confused() -> None:
    keys = {
        question_key(PROBES, "f", arguments, 0)
        for arguments in ({"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": [1, 2]}, {"a": (1, 2)}, {"a": "1"}, {"a": 1})
    }
    assert len(keys) == 6


# ---- recorded for students -----------------------------------------------------------------------------------------


def test_a_recording_answers_what_was_asked_and_says_when_it_is_stale(host: Counted, tmp_path: Path) -> None:
    recorder = Recorder(answers(host, tmp_path / "cache"), PROBES)
    x = wire.Array("tensor", "float32", np.array([0.1, -0.0], np.float32))
    told = recorder.reply("twice", {"x": x}, 0)[1]
    recorder.reply("twice", {"x": None}, 0)
    path = tmp_path / "answers.json"
    path.write_text(recorder.text())

    played = RecordedAnswers(path, PROBES)
    outcome, value = played.reply("twice", {"x": x}, 0)
    assert (outcome, value.kind, value.dtype) == ("returned", "tensor", "float32")
    assert value.data.tobytes() == told.data.tobytes()
    assert not value.data.flags.writeable
    assert played.reply("twice", {"x": None}, 0)[1][:2] == ("KeyError", "LookupError")
    for stale in (RecordedAnswers(path, PROBES + "\n"), played):
        with pytest.raises(
            GraderError, match=r"answers\.json has no answer to this question of 'twice': it is stale\."
        ):
            stale.reply("twice", {"x": 5}, 0)
    assert recorder.text() == recorder.text()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"answers": []}', "holds no answers"),
        ('{"answers": {"KEY": {}}}', "stale"),
        ('{"answers": {"KEY": {"answer": ["returned", {"tensor": [1]}]}}}', "stale"),
        ('{"answers": {"KEY": {"answer": ["returned", {"array": 3}]}}}', "stale"),
        ('{"answers": {"KEY": {"answer": ["returned", {}]}}}', "stale"),
    ],
)
def test_a_recording_that_is_damaged_is_told_with_what_to_do(tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "answers.json"
    if content is not None:
        path.write_text(content.replace("KEY", question_key(PROBES, "twice", {"x": 2}, 0)))
    with pytest.raises(GraderError, match=says) as told:
        RecordedAnswers(path, PROBES).reply("twice", {"x": 2}, 0)
    assert "answers.json" in str(told.value)
    assert "python -m grader build" in str(told.value)


def bits(value: Any) -> Any:
    """A value such that equal means the same to the last bit, and of the same types."""
    if isinstance(value, wire.Array):
        data = np.ascontiguousarray(value.data).ravel()
        numbers = data.view(data.real.dtype)
        if numbers.dtype.kind == "f":  # all NaN are one
            numbers = np.where(np.isnan(numbers), numbers.dtype.type("nan"), numbers)
        return value.kind, value.dtype, value.shape, numbers.tobytes()
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack("<d", value)
    if isinstance(value, (list, tuple)):
        return type(value), [bits(item) for item in value]
    if isinstance(value, dict):
        return {key: bits(item) for key, item in value.items()}
    return type(value), value


DTYPES = [name for name in wire.DTYPES if name != "bfloat16"]
arrays = st.sampled_from(DTYPES).flatmap(
    lambda name: npst.arrays(wire.DTYPES[name], npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)).map(
        lambda data: wire.Array("tensor", name, data)
    )
)
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | arrays
tags = st.sampled_from(["array", "tuple", "dict", "x"])
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(tags | st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(values)
def test_a_value_survives_the_recording_bit_by_bit(value: Any) -> None:
    assert bits(from_json(json.loads(json.dumps(to_json(value))))) == bits(value)


@pytest.mark.parametrize("number", [5e-324, 1.7976931348623157e308, -0.0, 0.1, 1 / 3, 2.2250738585072014e-308])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "complex128"])
def test_extreme_numbers_survive_the_recording(number: float, dtype: str) -> None:
    with np.errstate(over="ignore"):
        data = np.array([number, -number], np.float32 if dtype == "bfloat16" else dtype)
    value = wire.Array("tensor", dtype, data)
    assert bits(from_json(json.loads(json.dumps(to_json(value))))) == bits(value)
