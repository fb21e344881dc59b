"""What a check holds: questions to the submission and to the reference, and ways to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from grader.errors import BrokenCheck, GraderError
from grader.judge.answers import Answers, Tolerance
from grader.judge.compare import compare, holds_none, plain, show, wrapped
from grader.judge.draws import Draws
from grader.judge.evidence import RAISED_ON_PURPOSE, RETURNED
from grader.judge.fault import fault, forgotten
from grader.judge.problem import BUDGET_S
from grader.judge.quote import Quotes
from grader.judge.verdict import CheckEnded, Mismatch, Seen
from grader.sandbox.replies import Host, Limits, Reply

# What a probe that is wrong could bring on, too: ours where the reference does not get by.
MAYBE_OURS = ("raised", "bad_signature", "missing_name", "unsendable")
NEVER_RECORDED = ("missing_name", "unsendable")  # the reference did not end so when it was recorded
AFTER_A_STOP = 0.25  # of the limits, for a question when another one of the same problem was stopped


@dataclass
class Spent:
    """What a check cost and printed, summed over its questions."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    output: list[str] = field(default_factory=list)

    def add(self, reply: Reply) -> None:
        self.cpu_s += reply.cpu_s
        self.wall_s += reply.wall_s
        if reply.output:
            self.output.append(reply.output)


@dataclass
class Allowance:
    """CPU seconds that the checks of one problem have used together, so that its endless loop costs no other's time.

    `stopped` says whether a question of the problem was stopped: the next ones most likely meet the same loop.
    """

    problem: str
    used_s: float = 0.0
    stopped: bool = False


@dataclass(frozen=True)
class Answer:
    """The submission's answer to one question. `answer["key"]` and `value` are plain Python values and numpy arrays."""

    raw: Any
    _reference: Callable[[], Any]
    _compared: Callable[[Tolerance], None]

    @property
    def value(self) -> Any:
        return plain(self.raw)

    def __getitem__(self, key: str) -> Any:
        return plain(self.raw[key])

    @property
    def reference(self) -> Any:
        """The reference's answer to the same question."""
        return plain(self._reference())

    def same_as_reference(
        self, *, atol: float = 1e-6, rtol: float = 0.0, only: Sequence[str] = (), hint: str = ""
    ) -> Answer:
        """Compares type, dtype, shape, finiteness, then values within atol + rtol |expected|; raises `Mismatch`.

        `only` names the keys of a dict that count (a single one as plain text); all of them by default.
        """
        __tracebackhide__ = True
        came, expected = self.raw, self._reference()
        keys = (only,) if isinstance(only, str) else tuple(only)
        self._compared(Tolerance(atol, rtol, keys))
        if not keys:
            compare(came, expected, atol=atol, rtol=rtol, hint=hint)
        for key in keys:
            if not isinstance(expected, dict) or key not in expected:
                raise GraderError(f"The reference's answer to this has no {key!r}.")
            if not isinstance(came, dict) or key not in came:
                raise Mismatch(f"The answer has no {key!r}.", came=show(came), hint=hint)
            compare(came[key], expected[key], atol=atol, rtol=rtol, path=key, hint=hint)
        return self


class Ask:
    """Puts questions to the submission under test. Calling it ends the check when there is no answer.

    All that is drawn depends on the grading seed, the check and the attempt alone, so every submission is asked the
    same. `rng` (numpy) is for inputs; it goes on elsewhere after each question, so that what was sent does not tell
    what comes. `seed` may be sent. `planted_seed` is for data of which a part is held out, and is never sent.
    A question may take as long as the host's limits say, and longer where the check has a large `budget_s`.
    """

    def __init__(
        self,
        host: Host,
        answers: Answers,
        draws: Draws,
        quotes: Quotes,
        allowance: Allowance,
        *,
        budget_s: float = BUDGET_S,
        shift: int = 0,
    ) -> None:
        self.seed, self.planted_seed, self._worker_seed = draws.sent_seed, draws.planted_seed, draws.worker_seed
        self.rng, self._draws = draws.stream(0), draws
        self.spent, self.count, self.last_probe = Spent(), 0, ""
        self.forgotten = ""  # what to try where an answer, or a part of one, was None
        self._allowance, self._budget_s = allowance, budget_s
        self._shift = shift  # of where the submission's random streams start
        self._host, self._answers, self._quotes = host, answers, quotes

    def __call__(self, probe: str, **arguments: Any) -> Answer:
        """The submission's observation by `probe`. Numpy arrays arrive there as tensors of the same dtype."""
        __tracebackhide__ = True
        question = wrapped(arguments)
        reply = self._put(probe, question)
        if reply.outcome != "returned":
            raise self._charge(reply, probe, question)
        if holds_none(reply.value) and not self.forgotten:
            self.forgotten = forgotten(probe, self._quotes)
        return Answer(
            reply.value,
            lambda: self._returned(probe, question),
            lambda tolerance: self._answers.compared(probe, question, self._worker_seed, tolerance),
        )

    def raises(self, exception: str, probe: str, *, hint: str = "", **arguments: Any) -> None:
        """Fails the check unless the student's code raises `exception` (a class name) or a subclass of it."""
        __tracebackhide__ = True
        question = wrapped(arguments)
        outcome, bases = self._answers.reply(probe, question, self._worker_seed)
        if outcome != "raised" or exception not in bases:
            raise GraderError(f"The reference does not raise {exception} when {probe!r} is asked this.")
        try:
            reply = self._put(probe, question)
        except Exception as error:  # only the debugger's host lets the student's exceptions through
            if exception in (base.__name__ for base in type(error).__mro__):
                return
            raise
        if reply.outcome == "returned":
            raise Mismatch(
                f"{exception} should be raised here, but a value was returned.",
                came=show(reply.value),
                expected=exception,
                hint=hint,
                seen=Seen((RETURNED,)),
            )
        if reply.outcome != "raised" or reply.raised is None or reply.importing:
            raise self._fault(reply, probe)
        if "BdbQuit" in reply.raised.bases:  # a debugger's: nothing was refused
            raise self._fault(reply, probe)
        if exception not in reply.raised.bases:
            raise Mismatch(
                f"{exception} should be raised here, but {self._quotes.exception(reply.raised)} was.",
                came=reply.raised.type,
                expected=exception,
                hint=hint,
                seen=self._ending(reply),
            )

    def reference(self, probe: str, **arguments: Any) -> Any:
        """The reference's plain answer to any question; the submission is not asked."""
        __tracebackhide__ = True
        return plain(self._returned(probe, wrapped(arguments)))

    def _put(self, probe: str, question: Mapping[str, Any]) -> Reply:
        if self._draws.tells_planted(question):
            raise GraderError(f"The question to {probe!r} holds the seed of planted data. Send `ask.seed`.")
        limits, seed = self._host.limits, (self._worker_seed + self._shift) % 2**32
        if limits is None:
            reply = self._host.call(probe, question, seed)
        else:
            reply = self._put_in_time(probe, question, seed, limits)
        self._allowance.used_s += reply.cpu_s
        self.spent.add(reply)
        self.count += 1
        self.rng.bit_generator.state = self._draws.stream(self.count).bit_generator.state
        self.last_probe = probe
        return reply

    def _put_in_time(self, probe: str, question: Mapping[str, Any], seed: int, limits: Limits) -> Reply:
        """The reply within the time that one question may take, and all of the problem's checks together."""
        share = AFTER_A_STOP if self._allowance.stopped else 1.0
        patience = share * limits.call_cpu_s * max(1.0, self._budget_s / BUDGET_S)
        left = limits.problem_cpu_s - self._allowance.used_s
        reply = Reply("cpu_limit")
        if left > 0:
            wall_s = share * limits.call_wall_s
            reply = self._host.call(probe, question, seed, cpu_s=min(patience, left), wall_s=wall_s)
        self._allowance.stopped |= reply.outcome in ("cpu_limit", "wall_limit")
        if reply.outcome == "cpu_limit" and left < patience:
            whose = f"the checks of problem {self._allowance.problem}"
            detail = f"{whose} had used up their {limits.problem_cpu_s:g} s of CPU time"
            return replace(reply, outcome="budget", detail=detail)
        return reply

    def _charge(self, reply: Reply, probe: str, question: Mapping[str, Any]) -> CheckEnded:
        """The verdict for a question without an answer. Ours if the reference fails too."""
        __tracebackhide__ = True
        if reply.outcome in MAYBE_OURS and not (self._answers.recorded and reply.outcome in NEVER_RECORDED):
            self._returned(probe, question)
        elif reply.outcome == "no_probe":
            self._answers.reply(probe, question, self._worker_seed)
        return self._fault(reply, probe)

    def _fault(self, reply: Reply, probe: str) -> CheckEnded:
        """The verdict for a question that the reference can be asked."""
        __tracebackhide__ = True
        if reply.outcome == "no_probe":
            reply = replace(reply, outcome="protocol")  # there is one, unless the submission has put it away
        if reply.outcome == "syntax_error" and not reply.importing:  # its text may hold anything by now
            reply = replace(reply, outcome="raised")
        ended = fault(reply, probe, self._quotes)
        if reply.outcome == "cpu_limit" and not reply.importing:
            ended.hint = f"Most right solutions need less than {self._budget_s:g} s for the whole check. {ended.hint}"
        if not reply.importing:  # there, nothing was seen of any problem
            ended.seen = self._ending(reply)
        return ended

    def _ending(self, reply: Reply) -> Seen:
        """An answer that is none: the outcome, the exception, and whether the student's code raised it itself."""
        raised = None if reply.outcome == "cpu_limit" else reply.raised  # in which line is a matter of chance
        own = [frame for frame in raised.frames if not frame.ours] if raised else []
        purpose = RAISED_ON_PURPOSE if own and self._quotes.line(own[-1]).startswith("raise ") else ""
        return Seen((reply.outcome, raised.type if raised else "", purpose))

    def _returned(self, probe: str, question: Mapping[str, Any]) -> Any:
        __tracebackhide__ = True
        outcome, value = self._answers.reply(probe, question, self._worker_seed)
        if outcome != "returned":
            raise GraderError(f"The reference raised {value[0]} when {probe!r} was asked.")
        return value


class Credit:
    """Ends a check with a part of its points: `credit(Fraction(1, 2), "why")`."""

    def __call__(self, share: Fraction | int, why: str, *, hint: str = "") -> NoReturn:
        """Raises CheckEnded. `share` is exact and from 0 to 1; anything else is our own mistake."""
        __tracebackhide__ = True
        if isinstance(share, (bool, float)) or not isinstance(share, (int, Fraction)) or not 0 <= share <= 1:
            raise BrokenCheck(f"A check gave the credit {share!r}; it must be a fraction from 0 to 1.")
        raise CheckEnded("passed" if share == 1 else "failed", why, hint=hint, credit=Fraction(share))


def check_that(
    ok: bool,
    *,
    came: str,
    expected: str,
    hint: str = "",
    summary: str = "This does not hold for your code.",
    like: Any = None,
    atol: float = 0.0,
) -> None:
    """Fails the check unless `ok` is True (exactly a bool, so that an array or NaN never passes).

    A submission that fails here as a known wrong solution did, with the same `came`, did the same thing. Where `came`
    depends on random draws, `like` says the same up to `atol`: a count, a frequency, a word for what is wrong.
    """
    __tracebackhide__ = True
    if isinstance(ok, np.bool_):
        ok = bool(ok)
    if not isinstance(ok, bool):
        raise BrokenCheck(f"check_that was given {type(ok).__name__}, not a bool.")
    if not ok:
        seen = Seen(came if like is None else wrapped(like), None, atol)
        raise Mismatch(summary, came=came, expected=expected, hint=hint, seen=seen)


def varies(*answers: Answer, hint: str = "") -> None:
    """Fails the check where nothing was computed: the answers are all one, or a list where a number was asked for.

    A check that looks at what a call leaves alone asks for this first: work that does nothing leaves everything alone.
    It asks no more, so that no mistake is charged twice. Questions that the reference answers alike tell nothing.
    """
    __tracebackhide__ = True
    if all(_same(answers[0].reference, each.reference) for each in answers):
        return
    for each in answers:
        came, expected = each.value, each.reference
        like = type(came) is type(expected) or not isinstance(came, list | tuple | dict)
        its, ours, summary = type(came).__name__, type(expected).__name__, "Your answer is not what was asked for."
        check_that(like, came=its, expected=ours, hint=hint, summary=summary)
    same = all(_same(answers[0].value, each.value) for each in answers)
    wanted, summary = "answers that depend on the inputs", "Your answer is the same for different inputs."
    check_that(not same, came="the same answer each time", expected=wanted, hint=hint, summary=summary)


def _same(one: Any, other: Any) -> bool:
    try:
        close(one, other, atol=0.0)
    except Mismatch:
        return False
    return True


def close(
    came: Any, expected: Any, *, atol: float, rtol: float = 0.0, what: str = "The answer", hint: str = ""
) -> None:
    """Like `Answer.same_as_reference` for two values that the check holds."""
    __tracebackhide__ = True
    compare(wrapped(came), wrapped(expected), atol=atol, rtol=rtol, path=what, hint=hint)
