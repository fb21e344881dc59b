"""A confined worker under submissions that misbehave: the right outcome, and the next question is answered."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.compiling import TOO_LARGE, TOO_LONG
from grader.errors import SandboxError
from grader.sandbox.channel import GRACE_S
from grader.sandbox.forked import ForkedHost, Lane, Sandbox
from grader.sandbox.replies import Limits
from grader.sandbox.wire import Array

LIMITS = Limits(
    call_cpu_s=0.3, call_wall_s=0.6, import_cpu_s=0.3, import_wall_s=0.6, memory_mb=300, scratch_mb=8, processes=8
)
PROBES = """
import work

def run(**arguments):
    return work.run(**arguments)

def fine():
    return "fine"
"""

Start = Callable[..., ForkedHost]


@pytest.fixture
def start(lane: Lane) -> Iterator[Start]:
    """Makes a host for the text of `work.py`; closes all of them at the end."""
    hosts = []

    def made(text: str, limits: Limits = LIMITS, **others: str) -> ForkedHost:
        hosts.append(lane.host({"work": text, **others}, PROBES, limits))
        return hosts[-1]

    yield made
    for host in hosts:
        host.close()


def function(body: str) -> str:
    return "def run():\n    " + body.replace("\n", "\n    ") + "\n"


def test_a_question_is_answered(start: Start) -> None:
    host = start("import torch\ndef run(x): return {'twice': 2 * x, 'is_tensor': torch.is_tensor(x)}")
    reply = host.call("run", {"x": Array("tensor", "float32", np.ones((2, 3), np.float32))}, seed=0)
    assert reply.outcome == "returned"
    assert reply.value["is_tensor"] is True
    assert reply.value["twice"].data.tolist() == [[2.0] * 3] * 2
    assert reply.cpu_s > 0


def test_training_works_behind_all_walls(start: Start) -> None:
    text = """
import torch
def run():
    net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
    optimiser = torch.optim.Adam(net.parameters())
    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.rand(64, 8)), batch_size=16, shuffle=True)
    for (x,) in data:
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(net(x), x.sum(1, keepdim=True)).backward()
        optimiser.step()
    torch.save(net.state_dict(), "weights.pt")
    square = torch.rand(300, 300)
    return len(torch.load("weights.pt")), torch.linalg.svd(square)[1].shape[0], float((square @ square).sum())
"""
    reply = start(text, Limits()).call("run", {}, 0)
    assert reply.outcome == "returned", reply
    assert reply.value[:2] == (4, 300)


def test_what_python_imports_late_can_be_read(start: Start) -> None:
    body = "import colorsys, wave, sqlite3, unittest, torch.fft, torch.distributions, numpy.polynomial"
    reply = start(function(body), Limits()).call("run", {}, 0)
    assert reply.outcome == "returned", reply


def test_threads_and_asyncio_work(start: Start) -> None:
    body = """import asyncio, concurrent.futures
async def three(): return 3
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    return list(pool.map(abs, [-1, -2])) + [asyncio.run(three())]"""
    assert start(function(body), Limits()).call("run", {}, 0).value == [1, 2, 3]


@pytest.mark.parametrize(
    ("body", "outcome", "detail"),
    [
        ("while True: pass", "cpu_limit", "stopped after 0.3 s of CPU time"),
        ("import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')", "cpu_limit", "CPU time"),
        ("sum(range(10**12))", "cpu_limit", "CPU time"),
        ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "cpu_limit", "CPU time"),
        (
            "import threading\nfor _ in range(3):\n    threading.Thread(target=sum, args=(range(10**11),)).start()",
            "cpu_limit",
            "",
        ),
        ("import time\ntime.sleep(60)", "wall_limit", "stopped after waiting for 0.6 s"),
        ("input_ = __import__('threading').Event().wait()", "wall_limit", "waiting"),
        ("import os\nos._exit(3)", "died", "exited with status 3"),
        ("import os\nos._exit(0)", "died", "exited with status 0"),
        ("import ctypes\nctypes.string_at(0)", "died", "killed by SIGSEGV"),
        ("import os\nos.abort()", "died", "killed by SIG"),
        ("return bytearray(10**9) and 1", "out_of_memory", ""),
        ("import torch\nreturn float(torch.ones(10**9).sum())", "out_of_memory", ""),
        ("import torch\nx = []\nwhile True: x.append(torch.empty(10**7))", "out_of_memory", ""),
        ("return run()", "recursion", ""),
        ("import sys\nsys.exit(0)", "exited", ""),
        ("import os\nos.fork()", "raised", ""),
        ("import subprocess\nsubprocess.run(['true'])", "raised", ""),
        ("import os\nos.execv('/bin/true', ['true'])", "raised", ""),
        ("import torch\nlist(torch.utils.data.DataLoader([1, 2], num_workers=1))", "raised", ""),
        ("import socket\nsocket.socket()", "raised", ""),
        ("open('/etc/passwd')", "raised", ""),
        ("open('/usr/lib/new', 'w')", "raised", ""),
        ("open('big', 'wb').write(bytes(9 << 20))", "raised", ""),
        ("import os, time\nos.close(3)\ntime.sleep(60)", "protocol", "closed its connection"),
        ("import os\nos.write(3, b'x' * 100)\nreturn 1", "protocol", "not a frame"),
        (
            "import os, struct\nos.write(3, struct.pack('<4sIQ', b'LAT1', 1, 2**40))\nreturn 1",
            "protocol",
            "over the limit",
        ),
        (
            "import os, struct\nos.write(3, struct.pack('<4sIQ', b'LAT1', 100, 0))\nimport time\ntime.sleep(9)",
            "wall_limit",
            "",
        ),
        ("import os, time\nfor byte in b'LAT1' * 99:\n    os.write(3, b'L')\n    time.sleep(.01)", "protocol", ""),
        (
            "from grader.sandbox import wire\nimport os\n"
            "os.write(3, wire.encode({'id': 1, 'outcome': 'returned', 'value': 1, 'error': None}))",
            "protocol",
            "not a reply to the question",
        ),
    ],
)
def test_misbehaviour(start: Start, body: str, outcome: str, detail: str) -> None:
    host = start(function(body))
    reply = host.call("run", {}, 0)
    assert reply.outcome == outcome, reply
    assert detail in reply.detail
    assert host.call("fine", {}, 0).value == "fine"


def test_a_refused_process_is_an_ordinary_error(start: Start) -> None:
    raised = start(function("import os\nos.fork()")).call("run", {}, 0).raised
    assert raised is not None
    assert raised.type == "PermissionError"


def test_a_limit_may_be_raised_for_one_call(start: Start) -> None:
    host = start(function("import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"))
    assert host.call("run", {}, 0, cpu_s=5).outcome == "returned"
    assert host.call("run", {}, 0).outcome == "cpu_limit"


def test_cpu_time_is_stopped_close_to_its_limit(start: Start) -> None:
    reply = start(function("while True: pass")).call("run", {}, 0)
    assert reply.cpu_s >= 0.3


def test_a_call_that_is_stopped_says_in_which_line(start: Start) -> None:
    text = "import random\n\ndef draw(n):\n    while random.random() < 2:\n        pass\n\ndef run():\n    draw(3)\n"
    reply = start(text).call("run", {}, 0)
    assert (reply.outcome, reply.detail) == ("cpu_limit", "stopped after 0.3 s of CPU time")
    assert reply.raised is not None
    assert [(frame.function, frame.ours) for frame in reply.raised.frames] == [
        ("run", True),
        ("run", False),
        ("draw", False),
    ]
    assert reply.raised.frames[-1].line in (4, 5)
    assert reply.cpu_s >= 0.3


def test_an_import_that_is_stopped_says_in_which_line(start: Start) -> None:
    host = start("import random\nwhile random:\n    pass\n")
    for reply in (host.call("run", {}, 0), host.call("run", {}, 0)):
        assert (reply.outcome, reply.importing) == ("cpu_limit", True)
        assert reply.raised is not None
        assert [frame.file for frame in reply.raised.frames] == ["work.py"]
    assert not start(function("while True: pass")).call("run", {}, 0).importing


@pytest.mark.parametrize(
    "body",
    [
        "def on():\n    while True: pass\nwhile True:\n    try: on()\n    except BaseException: pass",
        "import signal\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\nwhile True: pass",
        "import signal\nsignal.setitimer(signal.ITIMER_PROF, 0)\nwhile True: pass",
        "sum(range(10**12))",  # not interrupted before it returns
    ],
)
def test_what_keeps_the_worker_from_stopping_a_call_is_stopped_from_outside(start: Start, body: str) -> None:
    reply = start(function(body)).call("run", {}, 0)
    assert (reply.outcome, reply.raised) == ("cpu_limit", None)
    assert reply.cpu_s >= 0.3 + GRACE_S


def test_a_worker_that_says_too_early_that_it_was_stopped_is_not_believed(start: Start) -> None:
    host = start("from sys import modules\nraise modules['grader.sandbox.worker'].Stopped\n")
    assert [host.call("run", {}, 0).outcome for _ in range(2)] == ["protocol"] * 2
    host = start(function("from sys import modules\nraise modules['grader.sandbox.worker'].Stopped"))
    first = host.call("run", {}, 0)
    assert (first.outcome, first.detail) == ("protocol", "it said that its time was up, and had not used it")
    assert host.call("fine", {}, 0).outcome == "returned"  # of a process of its own


def test_a_quick_call_leaves_no_alarm_behind(start: Start) -> None:
    text = "import time\ndef run():\n    end = time.process_time() + 0.4\n    while time.process_time() < end: pass\n"
    host = start(text, Limits(call_cpu_s=1.0))  # in all, they take longer than one of them may
    assert [host.call("run", {}, 0).outcome for _ in range(4)] == ["returned"] * 4


def test_the_whole_submission_has_a_budget(start: Start) -> None:
    limits = Limits(call_cpu_s=0.4, total_cpu_s=1.0)
    host = start(function("while True: pass"), limits)
    outcomes = [host.call("run", {}, 0).outcome for _ in range(4)]
    assert outcomes == ["cpu_limit", "cpu_limit", "budget", "budget"]
    assert host.call("fine", {}, 0).outcome == "budget"


def test_a_second_frame_is_met_by_the_next_question(start: Start) -> None:
    text = """
import sys, os
from grader.sandbox import wire
def run():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    identity = frame.f_locals["request"]["id"]
    os.write(3, wire.encode({"id": identity, "outcome": "returned", "value": "forged", "error": None}))
"""
    host = start(text)
    assert (
        host.call("run", {}, 0).value == "forged"
    )  # its own answer, sent early: as good as any other answer of its own
    time.sleep(0.05)
    reply = host.call("fine", {}, 0)
    assert (reply.outcome, reply.detail) == ("protocol", "something was sent that no question had asked for")
    assert host.call("fine", {}, 0).value == "fine"


def test_a_process_that_dies_between_questions_has_died(start: Start) -> None:
    host = start(function("import threading, os\nthreading.Timer(0.05, os._exit, [4]).start()"))
    assert host.call("run", {}, 0).outcome == "returned"
    time.sleep(0.2)
    assert host.call("fine", {}, 0).detail == "exited with status 4"
    assert host.call("fine", {}, 0).value == "fine"


def test_a_worker_that_never_reads_does_not_hold_the_judge(start: Start) -> None:
    text = """
import time
def run(x=None):
    import grader.sandbox.worker as worker
    worker.receive = lambda *_: time.sleep(60)
"""
    host = start(text)
    assert host.call("run", {}, 0).outcome == "returned"
    big = Array("tensor", "float64", np.zeros(4 << 20))
    assert host.call("run", {"x": big}, 0).outcome == "wall_limit"


def test_what_is_printed_comes_back_capped(start: Start) -> None:
    text = """
import os, sys
def run(lines):
    print("out")
    print("err", file=sys.stderr)
    os.write(1, b"\\xff\\x1b[2J")
    for _ in range(lines):
        print("x" * 99)
"""
    host = start(text, Limits(output_kb=4))
    assert host.call("run", {"lines": 0}, 0).output == "out\nerr\n�\\u001b[2J"
    flood = host.call("run", {"lines": 20_000}, 0)
    assert flood.outcome == "returned"
    assert flood.output.startswith("out\nerr\n")
    assert len(flood.output) < 4300
    assert flood.output.endswith("(cut)")
    assert host.call("fine", {}, 0).output == ""


def test_an_endless_flood_ends_at_a_limit(start: Start) -> None:
    reply = start(function("while True: print('x' * 1000)")).call("run", {}, 0)
    assert reply.outcome in ("cpu_limit", "wall_limit")


ENDLESS = "x = f'" + "{1}" * 300_000 + "'\n"  # Python looks for each of them from the beginning
BOMB = "".join(f"{' ' * i}try: pass\n{' ' * i}finally:\n" for i in range(19)) + " " * 19 + "x = [y(), y(), y()]\n"


@pytest.mark.parametrize(("text", "says"), [(ENDLESS, TOO_LONG), (BOMB, TOO_LARGE)], ids=["endless", "bomb"])
def test_a_module_that_ends_the_worker_which_compiles_it_is_told_like_a_syntax_error(
    start: Start, text: str, says: str
) -> None:
    limits = dataclasses.replace(LIMITS, import_cpu_s=2.0, import_wall_s=20.0)
    alone = start(text, limits).call("fine", {}, 0)
    assert alone.raised is not None
    assert (alone.outcome, alone.importing) == ("syntax_error", True)
    assert alone.raised.message.startswith(says)

    beside = start(function("return 1"), limits, other=text)
    assert beside.call("run", {}, 0).value == 1
    (reply,) = beside.load().failed.values()
    assert reply.raised is not None
    assert reply.raised.frames[-1].file == "other.py"
    assert reply.raised.message.startswith(says)
    beside.renew()
    before = beside.spent_cpu_s
    assert beside.call("run", {}, 0).value == 1
    assert beside.spent_cpu_s - before < 1  # what is known is not tried again


def test_an_import_without_end_is_no_fault_of_the_compiler(start: Start) -> None:
    host = start("while True: pass", other="x = 1")
    assert {name: reply.outcome for name, reply in host.load().failed.items()} == {"work": "cpu_limit"}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("import random\nwhile random:\n    pass\n", "cpu_limit"),
        ("import os\nos._exit(1)\n", "died"),
        ("import time\ntime.sleep(99)\n", "wall_limit"),
        ("import no_such_package\n", "raised"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_module_whose_import_ends_the_worker_costs_only_what_needs_it(
    start: Start, text: str, outcome: str, first: bool
) -> None:
    limits = dataclasses.replace(LIMITS, import_cpu_s=1.0, import_wall_s=4.0)
    host = start(function("return 1"), limits, other=text)
    if first:
        host._modules = dict(reversed(host._modules.items()))
    assert {reply.outcome for reply in host.load().failed.values()} == {outcome}
    assert host.call("run", {}, 0).value == 1
    host.renew()
    before = host.spent_cpu_s
    assert host.call("run", {}, 0).value == 1
    assert host.spent_cpu_s - before < 1  # what failed is not tried again


WITHOUT_END = "import random\nwhile random:\n    pass\n"


@pytest.mark.parametrize(
    ("work", "other", "endless"),
    [
        (function("return 1"), WITHOUT_END, {"other"}),
        ("import other\n" + function("return 1"), WITHOUT_END, {"other"}),
        (WITHOUT_END, WITHOUT_END, {"work", "other"}),
    ],
    ids=["beside", "imported by the other", "both"],
)
def test_each_import_without_end_is_told_with_its_line_and_asked_once(
    start: Start, work: str, other: str, endless: set[str]
) -> None:
    limits = dataclasses.replace(LIMITS, import_cpu_s=3.0, import_wall_s=60.0)
    host = start(work, limits, other=other)
    failed = host.load().failed
    assert {name for name, reply in failed.items() if reply.outcome == "cpu_limit"} == endless == set(failed)
    for name, reply in failed.items():
        assert reply.raised is not None
        assert reply.raised.frames[-1].file == f"{name}.py"
    assert host.spent_cpu_s < len(endless) * 3.0 + 2  # and not once more for the question whose import it was


def test_a_module_that_others_left_too_little_time_is_imported_by_itself(start: Start) -> None:
    slow = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end:\n    pass\n"
    limits = dataclasses.replace(LIMITS, import_cpu_s=2.0, import_wall_s=60.0)
    host = start(slow.format(1.3) + function("return 1"), limits, other=slow.format(1.3))
    assert host.load().failed == {}
    assert host.call("run", {}, 0).value == 1


def test_a_process_that_ran_out_of_memory_is_not_used_again(start: Start) -> None:
    host = start("kept = []\ndef run():\n    kept.append(1)\n    raise MemoryError\n\ndef count(): return len(kept)\n")
    assert host.call("run", {}, 0).outcome == "out_of_memory"
    assert host.call("run", {}, 0).outcome == "out_of_memory"


def test_output_before_a_crash_is_kept(start: Start) -> None:
    reply = start(function("print('here', end='')\nimport os\nos._exit(1)")).call("run", {}, 0)
    assert (reply.outcome, reply.output) == ("died", "here")


def test_one_process_keeps_state_and_a_renewed_one_does_not(start: Start) -> None:
    host = start("count = 0\ndef run():\n    global count\n    count += 1\n    return count")
    assert [host.call("run", {}, 0).value for _ in range(2)] == [1, 2]
    host.renew()
    assert host.call("run", {}, 0).value == 1


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("def run(:", "syntax_error"),
        ("raise ValueError('no')", "raised"),
        ("while True: pass", "cpu_limit"),
        ("import time\ntime.sleep(99)", "wall_limit"),
        ("import os\nos._exit(0)", "died"),
    ],
)
def test_an_import_that_fails_is_not_tried_again(start: Start, text: str, outcome: str) -> None:
    host = start(text)
    first = host.load()
    assert first.outcome == outcome
    told_again = dataclasses.replace(first, importing=True, cpu_s=0.0, wall_s=0.0, output="")  # its cost is told once
    assert [host.call("run", {}, 0) for _ in range(3)] == [told_again] * 3
    host.renew()
    assert host.load() is first


def test_two_submissions_do_not_meet(start: Start) -> None:
    one, other = (
        start("x = 1\ndef run(): return x"),
        start("def run():\n    import os\n    return sorted(os.listdir())"),
    )
    writer = start(function("open('note', 'w').write('x')\nopen('/tmp/note', 'w').write('x')"))
    assert one.call("run", {}, 0).value == 1
    writer.call("run", {}, 0)
    assert other.call("run", {}, 0).value == []


def test_the_order_of_a_set_is_the_same_in_every_grading(start: Start, sandbox: Sandbox) -> None:
    """`hash("a")` under PYTHONHASHSEED=0, which is a fixed number for a build of Python."""
    import subprocess
    import sys

    expected = subprocess.check_output(
        [sys.executable, "-c", "print(hash('a'))"], env={"PYTHONHASHSEED": "0"}, text=True
    )
    assert start(function("return hash('a')")).call("run", {}, 0).value == int(expected)


def test_a_worker_knows_nothing_of_the_judge(start: Start) -> None:
    os.environ["GRADER_TEST_SECRET"] = "secret"
    body = """import os, sys
return [os.environ.get("GRADER_TEST_SECRET"), [name for name in sys.modules if name.startswith("grader.judge")]]"""
    assert start(function(body)).call("run", {}, 0).value == [None, []]


def test_only_three_descriptors_are_open(start: Start) -> None:
    body = """import os
def is_open(fd):
    try: os.fstat(fd)
    except OSError: return False
    return True
return [fd for fd in range(100) if is_open(fd)]"""
    assert start(function(body)).call("run", {}, 0).value == [0, 1, 2, 3]


def test_values_that_cannot_be_sent_are_the_judges_error(start: Start) -> None:
    arguments: dict[str, Any] = {"x": object()}
    with pytest.raises(SandboxError, match="the arguments for probe 'run' cannot be sent"):
        start("def run(x): return x").call("run", arguments, 0)
