"""What a student reads when a file of theirs cannot be imported, through a real import."""

import io
import sys
from collections.abc import Iterator

import pytest

from grader.judge.fault import fault
from grader.judge.quote import MOST_NAMES, Quotes
from grader.judge.verdict import CheckEnded
from grader.sandbox.inline import InlineHost
from grader.sandbox.replies import Reply

PROBES = "import work\n\ndef probe():\n    return work.f()\n"


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a worker. `exit()` closes it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.delitem(
        sys.modules, "work", raising=False
    )  # pytest leaves a module for each folder above a check's file
    yield
    sys.settrace(None)


def told(text: str) -> CheckEnded:
    host = InlineHost({"work": text}, PROBES)
    try:
        return fault(host.call("probe", {}, 0), "probe", Quotes({"work": text}, PROBES))
    finally:
        host.session.leave()


@pytest.mark.parametrize(
    ("text", "verdict", "says", "advice"),
    [
        (
            "import wandb_",
            "crashed",
            "fails (line 2 of work.py, at the top level: `import wandb_`): there is no",
            "wandb_",
        ),
        ("import os, helper_ as h", "crashed", "there is no module `helper_` here.", "We take only work.py"),
        (
            "from helper_.inner import x",
            "crashed",
            "there is no module `helper_` here.",
            "Is helper_.py a file of yours?",
        ),
        ("exit()", "crashed", "ends the program (line 2 of work.py, at the top level: `exit()`).", "Remove exit()"),
        ("import sys; sys.exit(3)", "crashed", "ends the program (line 2 of work.py", "__main__"),
        (
            "import argparse\nargparse.ArgumentParser().parse_args(['-x'])",
            "crashed",
            "ends the program",
            "command line",
        ),
        ("open('data.csv')", "crashed", "this file is not here (FileNotFoundError).", "We take only work.py: no data"),
        (
            "import numpy\nnumpy.load('x.npz')",
            "crashed",
            "(line 3 of work.py, at the top level: `numpy.load(",
            "no data",
        ),
        (
            "breakpoint()\nx = 1",
            "crashed",
            "a debugger that was left in (line 2 of work.py: `breakpoint()`).",
            "Remove",
        ),
        (
            "import pdb\npdb.set_trace()\n\nx = 1",
            "crashed",
            "left in (line 3 of work.py: `pdb.set_trace()`).",
            "set_trace",
        ),
        ("input('how many?')", "crashed", "it asks for input, and nobody is there to answer.", "Remove input()"),
        ("x: int = undefined", "crashed", "name 'undefined' is not defined.", "Mend this line"),
        ("from math import sine", "crashed", "cannot import name 'sine' from 'math'.", "Mend this line"),
        ("raise NotImplementedError", "crashed", "this needs a part that is not implemented yet.", "__main__"),
        (
            "def g(): return 1 / 0\ng()",
            "crashed",
            "(line 3 of work.py, at the top level: `g()`): ZeroDivisionError.",
            "",
        ),
        ("x = = 1", "invalid", "Python cannot read line 2 of work.py: invalid syntax.", "Python 3."),
    ],
)
def test_each_fault_of_an_import_is_told_with_line_cause_and_remedy(
    text: str, verdict: str, says: str, advice: str
) -> None:
    ended = told(f'"""My work."""\n{text}\n')
    assert (ended.verdict, ended.file, ended.seen) == (verdict, "work.py", None)
    assert says in ended.summary
    assert ended.summary.startswith("Python cannot read" if verdict == "invalid" else "Importing work.py ")
    assert advice in ended.hint


@pytest.mark.parametrize(
    ("outcome", "says"), [("cpu_limit", "takes too long"), ("wall_limit", "waits, and was stopped")]
)
def test_an_import_without_end_is_told_with_its_line_at_the_top_level(outcome: str, says: str) -> None:
    text = "def train(): step()\ndef step(): 1 / 0\ntrain()\n"
    host = InlineHost({"work": text}, PROBES)
    raised = host.load().raised
    host.session.leave()
    reply = Reply(outcome, raised=raised, wall_s=40.0, importing=True, module="work")
    ended = fault(reply, "probe", Quotes({"work": text}, PROBES))
    assert ended.verdict == "timeout"
    assert ended.summary.startswith(f"Importing work.py {says}")
    assert ended.summary.endswith("(line 3 of work.py, at the top level: `train()`).")
    assert '`if __name__ == "__main__":`' in ended.hint


@pytest.mark.parametrize("outcome", ["died", "memory_limit", "protocol", "cpu_limit"])
def test_a_fault_of_nobody_knows_which_file_is_told_too(outcome: str) -> None:
    ended = fault(Reply(outcome, importing=True), "probe", Quotes({"work": "", "other": ""}, PROBES))
    assert ended.summary.startswith("Importing your files ")
    assert ended.file
    assert ended.hint


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("breakpoint()\n    y = 1\n    return y", 2),
        ("import pdb\n    pdb.set_trace()\n    if 1:\n        return 1", 3),
        ("x = 1\n    breakpoint()", 3),
        ("for i in range(2):\n        breakpoint()", 3),
    ],
)
def test_a_debugger_in_a_function_is_told_with_its_own_line(body: str, line: int) -> None:
    ended = told(f"def f():\n    {body}\n")
    assert ended.verdict == "crashed"
    assert ended.summary.startswith(f"Your code stopped at a debugger that was left in (line {line} of work.py: `")
    assert ("breakpoint()" in ended.summary) or ("set_trace()" in ended.summary)
    assert "Remove breakpoint()" in ended.hint
    assert not ended.file


@pytest.mark.parametrize(
    ("body", "says", "advice"),
    [
        ("import wandb_", "Your code raised ModuleNotFoundError", "There is no module `wandb_` here."),
        ("return open('x.csv')", "Your code raised FileNotFoundError", "no data and no other file is here"),
        ("return input()", "Your code raised EOFError", "Remove input()"),
        ("return zz", "`return zz`): name 'zz' is not defined.", ""),
        ("return torch.zeros(2)", "name 'torch' is not defined.", "Among your imports, `import torch` is missing."),
        ("x = g()\n    return x.sum()", "'NoneType' object has no attribute 'sum'.", "end without `return`"),
        (
            "import torch\n    return torch.zeros(2) @ torch.zeros(2).double()",
            "Your code raised RuntimeError",
            "Two tensors of different dtypes",
        ),
        (
            "import torch\n    return torch.nn.Linear(2, 2)(torch.zeros(2).double())",
            "Your code raised RuntimeError",
            "Two tensors of different dtypes",
        ),
    ],
)
def test_the_usual_exceptions_of_a_call_come_with_a_hint(body: str, says: str, advice: str) -> None:
    ended = told(f"def g(): pass\ndef f():\n    {body}\n")
    assert ended.verdict == "crashed"
    assert says in ended.summary
    assert advice in ended.hint


@pytest.mark.parametrize(
    ("defined", "near"),
    [
        ("def interaction_los(): pass", "interaction_los"),
        ("class Interaction_Loss: pass", "Interaction_Loss"),
        ("interactionloss = max", "interactionloss"),
        ("def rating_loss(): pass", ""),  # another part of the homework
        ("def other(): pass", ""),
        ("def outer():\n    def interaction_los(): pass", ""),
    ],
)
def test_a_name_that_was_nearly_right_is_told(defined: str, near: str) -> None:
    probes = (
        "import work\n\ndef probe():\n    return work.interaction_loss()\n\ndef other_(): return work.rating_loss()\n"
    )
    host = InlineHost({"work": defined}, probes)
    ended = fault(host.call("probe", {}, 0), "probe", Quotes({"work": defined}, probes))
    host.session.leave()
    assert ended.verdict == "missing"
    assert ended.summary == f"work.py has no `interaction_loss`{f', but `{near}`' if near else ''}."
    assert (near and "Rename it" in ended.hint) or (not near and "spelt exactly" in ended.hint)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def f():\n    x = 1\n    x + 1\n\nreturned = 1\n", "f"),
        ("def f(\n    x=1,\n):\n    x + 1\n    return\n", "f"),
        ("def f():\n    if 1:\n        return 2\n", ""),
        ("def f():\n    yield 2\n", ""),
        ("def f(): return 2\n", ""),
        ("def f():\n    return(2)\n", ""),
        ("def f():\n    return -2\n", ""),
        ("f = max\n", ""),
        ("def g():\n    return 1\n", ""),
        ("class f:\n    def forward(self, x):\n        x + 1\n\n    def other(self):\n        return 1\n", "f.forward"),
        ("class f:\n    def forward(self, x):\n        return x\n", ""),
        ("class f:\n    def other(self): pass\n", ""),
    ],
)
def test_a_forgotten_return_is_found_only_where_there_is_none(text: str, name: str) -> None:
    assert Quotes({"work": text}, PROBES).without_return("probe") == name


def test_an_answer_of_none_says_so_where_return_was_forgotten() -> None:
    probes = "import work\n\ndef probe():\n    return work.f() + 1\n"
    host = InlineHost({"work": "def f():\n    1 + 1\n"}, probes)
    ended = fault(host.call("probe", {}, 0), "probe", Quotes({"work": "def f():\n    1 + 1\n"}, probes))
    host.session.leave()
    assert "`f` has no line that returns a value" in ended.hint


def test_a_forgotten_return_is_found_behind_a_probe_of_a_probe() -> None:
    probes = "import work\n\ndef probe(x):\n    return work.f(x)\n\ndef slope(x):\n    probe(x).backward()\n"
    assert Quotes({"work": "def f(x):\n    2 * x\n"}, probes).without_return("slope") == "f"


@pytest.mark.parametrize(
    ("begins", "uses", "says"),
    [
        ("self.rate = 1", "rate", "Is `self.rate` meant?"),
        ("self.rate = 1", "rates", ""),
        ("pass", "self.rate", "Nothing assigns `self.rate`: is that forgotten in `__init__`?"),
        ("self.rates = 1", "self.rate", "Nothing assigns `self.rate`: is that forgotten in `__init__`?"),
        ("if self is None: self.rate, self.other = 1, 2", "self.rate", ""),
        ("if self is None: self.rate: int = 1", "self.rate", ""),
    ],
)
def test_what_belongs_to_self_is_told(begins: str, uses: str, says: str) -> None:
    text = f"class C:\n    def __init__(self):\n        {begins}\n    def g(self):\n        return {uses}\n"
    assert told(f"{text}\ndef f():\n    return C().g()\n").hint == says


def test_a_module_that_says_self_very_often_keeps_no_judge_busy() -> None:
    """A search that began anew at each of these took an hour; each line is looked through once."""
    often = "self.x, " * 120_000
    assert Quotes({"work": often}, "").of_self("x") == "read"
    assert Quotes({"work": f"{often}= y"}, "").of_self("x") == "assigned"
    assert Quotes({"work": f"{often}== y"}, "").of_self("x") == "read"


@pytest.mark.parametrize("given", ["[1.0, 2.0]", "(x for x in (1, 2))"])
def test_a_star_that_hides_a_function_of_python_is_told(given: str) -> None:
    star = "`from torch import *` puts PyTorch's function in the place of Python's own"
    assert told(f"from torch import *\ndef f():\n    return sum({given})\n").hint.startswith(star)
    assert star not in told(f"import torch\ndef f():\n    return torch.sum({given})\n").hint


@pytest.mark.parametrize("error", ["urllib.error.URLError('no route')", "ConnectionRefusedError()"])
def test_a_download_is_told_as_what_it_is(error: str) -> None:
    top = told(f"import urllib.error\nraise {error}\n")
    assert "at the top level" in top.summary
    assert "it wants the network" in top.summary
    assert top.hint.startswith("Nothing can be downloaded")
    inside = told(f"import urllib.error\ndef f():\n    raise {error}\n")
    assert inside.hint == top.hint


def test_a_misspelt_name_is_looked_for_among_as_many_as_a_student_writes() -> None:
    few, many = ("".join(f"name_{at} = 1\n" for at in range(count)) for count in (MOST_NAMES - 1, MOST_NAMES))
    misspelt = "def total_los(): ...\n"
    assert Quotes({"work": few + misspelt}, "").near("work", "total_loss") == "total_los"
    assert Quotes({"work": many + misspelt}, "").near("work", "total_loss") == ""
    assert Quotes({"work": misspelt + "x" * 1000 + " = 1\n"}, "").near("work", "total_loss") == ""
