"""What a submission does, as the outcome that the judge reads. In this process: the confined path has its own tests."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import replies
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Reply
from grader.sandbox.wire import WireError


def ask(student: str, probe: str, **arguments: Any) -> Reply:
    """The reply when `student` is the text of `work.py` and `probe` is the body of a probe."""
    parameters = ", ".join(arguments)
    host = InlineHost({"work": student}, f"import work\n\ndef probe({parameters}):\n    {probe}\n")
    try:
        return host.call("probe", arguments, seed=1)
    finally:
        host.session.leave()


@pytest.fixture(autouse=True, scope="module")
def no_module_of_another_test() -> None:
    """In a process that serves many tests, one before may have imported a module of this name."""
    for name in ("work", "probes"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("student", "probe", "outcome"),
    [
        ("def f(): return 1", "return work.f()", "returned"),
        ("def f(): return 1 / 0", "return work.f()", "raised"),
        ("def f(): raise NotImplementedError('later')", "return work.f()", "not_implemented"),
        ("x = 1", "return work.f()", "missing_name"),
        ("def f(a): return a", "return work.f()", "bad_signature"),
        ("def f(:\n", "return work.f()", "syntax_error"),
        ("def f(): return f()", "return work.f()", "recursion"),
        ("def f(): raise MemoryError", "return work.f()", "out_of_memory"),
        ("import torch\ndef f(): return torch.empty(10**15)", "return work.f()", "out_of_memory"),
        ("def f(): raise SystemExit(0)", "return work.f()", "exited"),
        ("def f(): raise KeyboardInterrupt", "return work.f()", "exited"),
        ("raise SystemExit(0)", "return 1", "exited"),
        ("import no_such_module", "return 1", "raised"),
        ("def f(): return object()", "return work.f()", "unsendable"),
        ("def f(): return {1: 2}", "return work.f()", "unsendable"),
        ("class E(Exception):\n    def __str__(self): raise E\ndef f(): raise E", "return work.f()", "unsendable"),
    ],
)
def test_each_outcome(student: str, probe: str, outcome: str) -> None:
    assert ask(student, probe).outcome == outcome


def test_a_probe_that_does_not_exist_or_is_private() -> None:
    host = InlineHost({}, "import math\ndef _hidden(): return 1\nconstant = 3\n")
    for name in ("nothing", "_hidden", "constant", "math"):
        assert host.call(name, {}, 0).outcome == "no_probe"


def test_an_exception_comes_with_the_students_line() -> None:
    reply = ask("def f(x):\n    y = x\n    return 1 / y\n", "return work.f(x)", x=0)
    assert reply.raised is not None
    assert reply.raised.type == "ZeroDivisionError"
    assert "ArithmeticError" in reply.raised.bases
    last = reply.raised.frames[-1]
    assert (last.file, last.line, last.function, last.text, last.ours) == ("work.py", 3, "f", "return 1 / y", False)
    assert reply.raised.frames[0].ours


def test_a_syntax_error_names_file_and_line() -> None:
    raised = ask("x = 1\ny = = 2\n", "return 1").raised
    assert raised is not None
    assert (raised.frames[-1].file, raised.frames[-1].line) == ("work.py", 2)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("y = = 2", 2),
        (f"y = {'-' * 20_000}1", 2),
        (f"y = {'+'.join(['x'] * 20_000)}", 2),
        ("if x:\n pass\n" + "elif x:\n pass\n" * 20_000, 0),
        (f"y = {'9' * 5_000}", 2),
    ],
    ids=["syntax", "signs", "sum", "conditions", "number"],
)
def test_what_python_cannot_compile_is_a_syntax_error_and_no_lack_of_memory(code: str, line: int) -> None:
    reply = ask(f"x = 1\n{code}\n", "return 1")
    assert (reply.outcome, reply.importing) == ("syntax_error", True)
    assert reply.raised is not None
    assert (reply.raised.frames[-1].file, reply.raised.frames[-1].line) == ("work.py", line)


TWO = "import other\nimport work\n\ndef of_work(): return work.f()\n\ndef of_other(): return other.f()\n"


FAULTS = {
    "syntax_error": "\nx = = 1\ndef f(): return 2\n",
    "raised": "\nimport no_such_package\ndef f(): return 2\n",
    "exited": "\nraise SystemExit\ndef f(): return 2\n",
    "not_implemented": "\nraise NotImplementedError\ndef f(): return 2\n",
    "recursion": "\n(loop := lambda: loop())()\ndef f(): return 2\n",
}


def two(**texts: str) -> InlineHost:
    return InlineHost(texts, TWO)


@pytest.mark.parametrize("names", [("work", "other"), ("other", "work")])
@pytest.mark.parametrize("outcome", FAULTS)
def test_one_of_two_modules_that_cannot_be_imported_costs_what_needs_it(outcome: str, names: tuple[str, str]) -> None:
    texts = {"work": "def f(): return 1\n", "other": FAULTS[outcome]}
    host = two(**{name: texts[name] for name in names})
    loaded = host.load()
    assert (loaded.outcome, list(loaded.failed)) == ("returned", ["other"])
    assert loaded.failed["other"].outcome == outcome
    assert host.call("of_work", {}, 0).value == 1
    for _ in range(2):
        reply = host.call("of_other", {}, 0)
        assert (reply.outcome, reply.importing, reply.module) == (outcome, True, "other")
        assert reply.raised == loaded.failed["other"].raised
        assert reply.raised is not None
        assert (reply.raised.frames[0].file, reply.raised.frames[0].line) == ("other.py", 2)
    host.session.leave()


@pytest.mark.parametrize("names", [("work", "other"), ("other", "work")])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_module_that_takes_names_from_one_that_failed_fails_by_it(fault: str, names: tuple[str, str]) -> None:
    texts = {"other": fault, "work": "from other import x\ndef f(): return 1"}
    failed = (host := two(**{name: texts[name] for name in names})).load().failed
    raised = failed["work"].raised
    assert raised is not None
    assert (failed["work"].outcome, raised.name) == ("not_imported", "other")
    assert failed["other"].outcome != "not_imported"
    host.session.leave()


@pytest.mark.parametrize("names", [("work", "other"), ("other", "work")])
def test_a_module_that_only_imports_one_that_failed_works_where_it_needs_nothing_of_it(names: tuple[str, str]) -> None:
    texts = {"other": "1 / 0", "work": "import other\ndef f(): return 1\ndef g(): return other.f()"}
    host = InlineHost({name: texts[name] for name in names}, TWO + "\ndef through(): return work.g()\n")
    assert list(host.load().failed) == ["other"]
    assert host.call("of_work", {}, 0).value == 1
    assert host.call("through", {}, 0).module == "other"
    host.session.leave()


def test_a_module_that_failed_is_imported_once() -> None:
    count = "import sys\nsys.count = getattr(sys, 'count', 0) + 1\n"
    host = two(work="import other\ndef f():\n    import sys\n    return sys.count", other=f"{count}1 / 0")
    assert host.call("of_work", {}, 0).value == 1
    host.session.leave()


def test_of_two_modules_that_failed_each_tells_of_itself() -> None:
    host = two(other="x = = 1", work="1 / 0")
    assert {name: reply.outcome for name, reply in host.load().failed.items()} == {
        "other": "syntax_error",
        "work": "raised",
    }
    assert [host.call(f"of_{name}", {}, 0).module for name in ("work", "other")] == ["work", "other"]
    host.session.leave()


@pytest.mark.parametrize("probe", ["return 1", "try: return work.f()\n    except Exception: return 1"])
def test_no_question_is_answered_where_the_only_module_failed(probe: str) -> None:
    reply = ask("1 / 0", probe)
    assert (reply.outcome, reply.importing, reply.module) == ("raised", True, "work")


def test_no_probe_takes_a_module_that_failed_for_an_answer() -> None:
    caught = "\ndef caught():\n    try: return work.f()\n    except Exception: return 1\n"
    host = InlineHost({"work": "1 / 0", "other": ""}, TWO + caught)
    assert host.call("caught", {}, 0).module == "work"
    host.session.leave()


def test_who_claims_that_a_module_failed_which_did_not_has_raised_an_exception() -> None:
    claim = "def f():\n    from grader.sandbox.worker import NotImported\n    raise NotImported('work')"
    reply = ask(claim, "return work.f()")
    assert (reply.outcome, reply.importing) == ("raised", False)


def test_the_line_at_the_top_level_is_told_however_deep_it_goes() -> None:
    deep = "def f(n): return f(n - 1) if n else 1 / 0\nx = 1\nf(50)\n"
    raised = ask(deep, "return 1").raised
    assert raised is not None
    assert (raised.frames[0].line, raised.frames[0].function) == (3, "<module>")
    assert raised.frames[-1].function == "f"


def test_code_sees_the_command_line_of_its_own_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["python", "-m", "grader"])
    student = "import argparse, sys\nargparse.ArgumentParser().parse_args()\nargv = list(sys.argv)\n"
    assert ask(student, "return work.argv").value == ["work.py"]
    import sys

    assert sys.argv == ["python", "-m", "grader"]


def test_a_type_error_in_the_students_own_code_is_not_a_wrong_signature() -> None:
    assert ask("def g(a): return a\ndef f(): return g()", "return work.f()").outcome == "raised"


def test_a_missing_name_is_named() -> None:
    raised = ask("", "return work.f()").raised
    assert raised is not None
    assert raised.name == "work.f"


def test_hostile_text_is_made_visible() -> None:
    raised = ask("def f(): raise ValueError('\\x1b[31m\\u202eevil' + 'x' * 9999)", "return work.f()").raised
    assert raised is not None
    assert raised.message.startswith("\\u001b[31m\\u202eevil")
    assert len(raised.message) < 5000


def test_the_same_seed_gives_the_same_numbers() -> None:
    student = (
        "import random, torch, numpy\ndef f(): return [random.random(), float(torch.rand(1)), numpy.random.rand()]"
    )
    host = InlineHost({"work": student}, "import work\ndef probe(): return work.f()\n")
    first, again, other = (host.call("probe", {}, seed).value for seed in (3, 3, 4))
    assert first == again != other


def test_arguments_arrive_writable_and_as_tensors() -> None:
    import numpy as np

    from grader.sandbox.wire import Array

    student = "def f(x):\n    x += 1\n    return type(x).__name__, x"
    name, value = ask(student, "return work.f(x)", x=Array("tensor", "float32", np.zeros(2, np.float32))).value
    assert (name, value.data.tolist()) == ("Tensor", [1, 1])


def test_a_submitted_file_never_shadows_a_library() -> None:
    host = InlineHost({"json": "x = 1"}, "import json\ndef probe(): return json.dumps([1])\n")
    assert host.call("probe", {}, 0).value == "[1]"


def test_a_file_on_the_disk_is_not_taken_for_the_submission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work.py").write_text("x = 'from the disk'")
    monkeypatch.syspath_prepend(tmp_path)
    host = InlineHost({"work": "x = 'submitted'"}, "import work\ndef probe(): return work.x\n")
    assert host.call("probe", {}, 0).value == "submitted"


GOOD = {"id": 7, "outcome": "returned", "value": 1, "error": None}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        {},
        {**GOOD, "id": 8},
        {**GOOD, "id": 7.0},
        {**GOOD, "outcome": "died"},  # only the judge sees that
        {**GOOD, "outcome": 1},
        {**GOOD, "outcome": ["returned"]},
        {**GOOD, "outcome": "raised", "error": "text"},
        {**GOOD, "failed": "work"},
        {**GOOD, "failed": ["work"]},
        {**GOOD, "failed": [{"module": "work", "outcome": "returned"}]},
        {**GOOD, "failed": [{"module": "work", "outcome": "stopped"}]},
        {**GOOD, "failed": [{"module": "work", "outcome": "raised"}] * 17},
        {**GOOD, "outcome": "raised", "error": {"bases": 1}},
        {**GOOD, "outcome": "raised", "error": {"bases": ["x"] * 17}},
        {**GOOD, "outcome": "raised", "error": {"frames": [1]}},
        {**GOOD, "outcome": "raised", "error": {"frames": [{"line": "1", "ours": True}]}},
    ],
    ids=repr,
)
def test_a_reply_that_is_not_one_is_refused(reply: Any) -> None:
    with pytest.raises(WireError):
        replies.read(reply, 7)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "outcome", "value", "error"]), JUNK), JUNK)
def test_any_reply_is_read_or_refused(reply: dict[str, Any], error: Any) -> None:
    for candidate in (reply, {**GOOD, "outcome": "raised", "error": error}):
        with contextlib.suppress(WireError):
            replies.read(candidate, 7)


def test_only_what_returned_has_a_value() -> None:
    assert replies.read({**GOOD, "outcome": "raised", "value": 3}, 7).value is None
