"""Where the reference's answers come from: asked once, then kept by the content of the question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from grader.errors import GraderError
from grader.judge.keeping import keep, kept
from grader.judge.recent import Recent
from grader.sandbox import wire
from grader.sandbox.processor import processor
from grader.sandbox.replies import Host, Reply

RECORDED = "answers.json"
MOST_BYTES = 256 << 20  # of answers that a lane remembers; the others are on the disk
PATIENCE_S = 120.0  # of computing, for one answer: what stops a submission must not stop the reference


@dataclass(frozen=True)
class Tolerance:
    """How a check compares an answer with the reference's: |came - expected| <= atol + rtol |expected|.

    `only` names the keys of a dict that are compared so; without any, all of the answer is.
    """

    atol: float
    rtol: float
    only: tuple[str, ...] = ()


class Answers(Protocol):
    """Answers of the reference. Those that were `recorded` may be older than the questions."""

    recorded: bool = False

    def reply(self, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        """("returned", value) or ("raised", the exception's class names). Raises `GraderError` for anything else."""
        ...

    def compared(self, probe: str, arguments: Mapping[str, Any], seed: int, tolerance: Tolerance) -> None:
        """Is told how a check compares with an answer that it was given. Only who records answers wants to know."""
        return


def question_key(probes: str, probe: str, arguments: Mapping[str, Any], seed: int) -> str:
    """Names a question by its content: the probes' source, the probe, the arguments and the seed."""
    digest = hashlib.sha256()
    for part in (probes.encode(), probe.encode(), wire.encode(dict(arguments)), str(seed).encode()):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


class ReferenceAnswers(Answers):
    """Asks a host that runs the reference, and keeps what it says in `folder`, by content.

    The folder belongs to the solution and is as secret. A kept answer is tied to the reference's source, to the
    versions of torch and numpy, to the digests of preloaded `models` and to the processor; an answer that is not as it
    was written is asked for again.
    """

    def __init__(
        self,
        host: Callable[[], Host],
        reference: Mapping[str, str],
        probes: str,
        folder: Path,
        models: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._start, self._host = host, None
        self._probes, self._memory = probes, Recent[tuple[str, Any]](MOST_BYTES)
        versions = [version("torch"), version("numpy"), wire.MAGIC.decode(), processor()]
        preloaded = [dict(models)] if models else []
        identity = json.dumps([dict(reference), probes, *versions, *preloaded], sort_keys=True)
        self._folder = folder / hashlib.sha256(identity.encode()).hexdigest()[:24]

    _host: Host | None

    def reply(self, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        key = question_key(self._probes, probe, arguments, seed)
        return self._memory.get(key) or self._kept(key) or self._ask(key, probe, arguments, seed)

    def close(self) -> None:
        if self._host is not None:
            self._host.close()

    def _ask(self, key: str, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        self._host = self._host or self._start()
        reply = self._host.call(probe, arguments, seed, cpu_s=PATIENCE_S)
        if reply.outcome == "budget":  # of one submission: the reference answers for a whole class, on many seeds
            self._host.close()
            self._host = self._start()
            reply = self._host.call(probe, arguments, seed, cpu_s=PATIENCE_S)
        if reply.outcome == "returned":
            answer = ("returned", reply.value)
        elif reply.raised is not None and reply.outcome in ("raised", "bad_signature", "not_implemented"):
            answer = ("raised", reply.raised.bases)
        else:
            absent = f". There is no probe {probe!r} in probes.py." if reply.outcome == "no_probe" else ""
            raise GraderError(f"The reference gave no answer to {probe!r}: {described(reply)}{absent}")
        frame = wire.encode(list(answer))
        keep(self._folder / f"{key}.frame", frame)
        return self._memory.add(key, answer, len(frame))

    def _kept(self, key: str) -> tuple[str, Any] | None:
        frame = kept(self._folder / f"{key}.frame")
        if frame is None:
            return None
        try:
            outcome, value = wire.decode(frame)
        except (wire.WireError, ValueError, TypeError):
            return None
        return self._memory.add(key, (outcome, value), len(frame)) if outcome in ("returned", "raised") else None


class RecordedAnswers(Answers):
    """The answers to the public checks' questions as they ship to students, in a file that a person can read."""

    recorded = True

    def __init__(self, path: Path, probes: str) -> None:
        self._path, self._probes = path, probes
        self._answers: dict[str, Any] | None = None

    def reply(self, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        if self._answers is None:
            self._answers = self._read()
        try:
            outcome, value = self._answers[question_key(self._probes, probe, arguments, seed)]["answer"]
            return outcome, from_json(value)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise GraderError(
                f"{self._path} has no answer to this question of {probe!r}: it is stale. {_RECORD}"
            ) from None

    def _read(self) -> dict[str, Any]:
        try:
            answers = json.loads(self._path.read_text(encoding="utf-8"))["answers"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise GraderError(f"{self._path} cannot be read ({type(error).__name__}). {_RECORD}") from None
        if not isinstance(answers, dict):
            raise GraderError(f"{self._path} holds no answers. {_RECORD}")
        return answers


_RECORD = "Whoever keeps the course runs: python -m grader build"


class Recorder(Answers):
    """Passes questions on to `answers` and notes each answer for `answers.json`, and how checks compare with it."""

    def __init__(self, answers: Answers, probes: str) -> None:
        self._answers, self._probes, self.noted = answers, probes, dict[str, Any]()
        self.tolerances: dict[str, list[Tolerance]] = {}

    def reply(self, probe: str, arguments: Mapping[str, Any], seed: int) -> tuple[str, Any]:
        outcome, value = self._answers.reply(probe, arguments, seed)
        self.noted[question_key(self._probes, probe, arguments, seed)] = {
            "probe": probe,
            "answer": [outcome, to_json(value)],
        }
        return outcome, value

    def compared(self, probe: str, arguments: Mapping[str, Any], seed: int, tolerance: Tolerance) -> None:
        self.tolerances.setdefault(question_key(self._probes, probe, arguments, seed), []).append(tolerance)

    def text(self) -> str:
        """The content of answers.json: the same for the same answers."""
        return recording(self.noted)


def recording(answers: Mapping[str, Any]) -> str:
    """The content of answers.json with these answers, by the keys of their questions."""
    note = "Recorded by `python -m grader build`; what the public checks compare with."
    return json.dumps({"note": note, "answers": dict(sorted(answers.items()))}, indent=1) + "\n"


def to_json(value: Any) -> Any:
    """An observation as JSON. Arrays, tuples and dicts become tagged objects, so that no key is mistaken for a tag."""
    if isinstance(value, wire.Array):
        return {
            "array": {
                "kind": value.kind,
                "dtype": value.dtype,
                "shape": list(value.shape),
                "values": _real(value.data).tolist(),
            }
        }
    if isinstance(value, tuple):
        return {"tuple": [to_json(item) for item in value]}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {"dict": {key: to_json(item) for key, item in value.items()}}
    return value


def from_json(value: Any) -> Any:
    """The inverse of `to_json`."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        ((tag, content),) = value.items()
        if tag == "tuple":
            return tuple(from_json(item) for item in content)
        if tag == "dict":
            return {key: from_json(item) for key, item in content.items()}
        name = content["dtype"]
        dtype = np.dtype(np.float32) if name == "bfloat16" else wire.DTYPES[name]
        values = np.array(content["values"], _real(np.zeros(1, dtype)).dtype)
        data = values.view(dtype).reshape(content["shape"])
        data.flags.writeable = False  # like every array from the wire
        return wire.Array(content["kind"], name, data)
    return value


def _real(data: np.ndarray) -> np.ndarray:
    """The numbers of an array in one row; a complex one as its real and imaginary parts."""
    flat = np.ascontiguousarray(data).ravel()
    return flat.view(flat.real.dtype) if flat.dtype.kind == "c" else flat


def described(reply: Reply) -> str:
    """A reply without an answer, for the people who keep the course."""
    raised = f"{reply.raised.type}: {reply.raised.message}" if reply.raised else ""
    return " ".join(part for part in (reply.outcome, raised, reply.detail) if part)
