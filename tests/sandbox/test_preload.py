"""A homework's models in a fork server: loaded once, the same for every worker, and changed by none for another."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.errors import SandboxError, SandboxLost
from grader.proof.footprint import children, fork_server, private_kb
from grader.sandbox.forked import Sandbox
from grader.sandbox.models import preload_of
from grader.sandbox.preload import NOTHING, Preload
from grader.sandbox.replies import Limits, Reply

House = Any  # tests/conftest.py
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")
MB = 1 << 20
SIZE = 16 * MB  # of the weights, in numbers of four bytes
PROBES = """
import work

def run(**arguments):
    return work.run(**arguments)
"""

LIMITS = Limits()
Ask = Callable[..., Reply]


@pytest.fixture(scope="module")
def preload(tmp_path_factory: pytest.TempPathFactory) -> Preload:
    """A module with a hook, one that it imports, and a file of weights: 64 MB of 0.5."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "beside.py").write_text("SCALE = 2.0\n")
    module = """
        import os
        import time
        import torch
        import beside

        WEIGHTS, CALLS = {}, []

        def preload(files):
            offline = [os.environ[name] for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")]
            CALLS.append((time.monotonic_ns(), sorted(files), offline))
            for name, path in files.items():
                count = path.stat().st_size // 4
                WEIGHTS[name] = torch.from_file(str(path), shared=False, size=count, dtype=torch.float32)

        def total():
            return float(WEIGHTS["toy"][::1024].sum() * beside.SCALE)
        """
    (folder / "models.py").write_text(dedent(module))
    weights = folder / "toy.bin"
    weights.write_bytes(b"\0\0\0\x3f" * SIZE)
    return Preload({"models": str(folder / "models.py")}, {"toy": str(weights)})


@pytest.fixture(scope="module")
def running(preload: Preload) -> Iterator[Sandbox]:
    with Sandbox(lanes=2, preload=preload) as running:
        yield running


@pytest.fixture
def ask(running: Sandbox) -> Iterator[Ask]:
    """Asks a fresh worker for what `work.run` returns."""
    with contextlib.ExitStack() as stack:

        def ask(body: str, limits: Limits = LIMITS, **others: str) -> Reply:
            text = "import models, os, sys\ndef run():\n    " + dedent(body).strip().replace("\n", "\n    ") + "\n"
            host = running.lane(0).host({**others, "work": text}, PROBES, limits)
            stack.callback(host.close)
            return host.call("run", {}, 0)

        yield ask


def test_every_worker_has_what_the_fork_server_loaded_once(ask: Ask) -> None:
    replies = [ask("return models.CALLS, models.total()") for _ in range(2)]
    assert [reply.outcome for reply in replies] == ["returned", "returned"], replies
    (calls, total), (again, _) = (reply.value for reply in replies)
    assert len(calls) == 1
    assert calls[0][1:] == (["toy"], ["1", "1"])  # both libraries are told to stay offline
    assert calls == again  # the same moment: before either worker was forked
    assert total == SIZE / 1024 * 0.5 * 2.0


def test_what_a_worker_changes_is_its_own(ask: Ask, preload: Preload) -> None:
    before = Path(preload.files["toy"]).read_bytes()[:64]
    body = """
        models.WEIGHTS["toy"].zero_()
        models.total = lambda: 7.0
        models.beside.SCALE = 3.0
        sys.modules["beside"].extra = 1
        return models.total(), float(models.WEIGHTS["toy"][0])
        """
    assert ask(body).value == (7.0, 0.0)
    clean = ask("return models.total(), float(models.WEIGHTS['toy'][0]), hasattr(models.beside, 'extra')")
    assert clean.value == (SIZE / 1024 * 0.5 * 2.0, 0.5, False)
    assert Path(preload.files["toy"]).read_bytes()[:64] == before


@pytest.mark.parametrize("how", ["open({file!r}, 'r+b')", "os.truncate({file!r}, 0)", "os.remove({file!r})"])
def test_a_worker_cannot_reach_the_file(ask: Ask, preload: Preload, how: str) -> None:
    reply = ask(how.format(file=preload.files["toy"]))
    assert reply.outcome == "raised"
    assert reply.raised is not None
    assert "OSError" in reply.raised.bases
    assert Path(preload.files["toy"]).stat().st_size == 4 * SIZE


def test_no_descriptor_of_the_file_is_left_to_a_worker(ask: Ask) -> None:
    body = """
        found = []
        for number in range(3, 1024):
            try:
                found.append((number, os.fstat(number).st_size))
            except OSError:
                pass
        return found
        """
    assert [size for _, size in ask(body).value if size] == []


def test_pages_of_a_file_that_was_mapped_cannot_be_made_to_reach_it(ask: Ask, preload: Preload) -> None:
    body = """
        import ctypes, mmap
        libc = ctypes.CDLL(None, use_errno=True)
        address = models.WEIGHTS["toy"].data_ptr()
        libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), mmap.PROT_READ | mmap.PROT_WRITE)
        ctypes.memset(address, 255, 4096)
        return libc.msync(ctypes.c_void_p(address), ctypes.c_size_t(4096), 4)
        """
    ask(body)
    assert Path(preload.files["toy"]).read_bytes()[:8] == b"\0\0\0\x3f" * 2


def test_a_submission_cannot_take_the_name_of_a_preloaded_module(ask: Ask) -> None:
    reply = ask("return models.total()", models="def total(): return -1.0\n", beside="SCALE = 0.0\n")
    assert reply.value == SIZE / 1024 * 0.5 * 2.0


def test_weights_are_in_memory_once(running: Sandbox, ask: Ask) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may look into a worker's memory")
    text = "import models\ndef run(write):\n    models.WEIGHTS['toy'].add_(1.0) if write else None\n"
    text += "    return float(models.WEIGHTS['toy'].sum())\n"
    host = running.lane(0).host({"work": text}, PROBES, Limits())
    try:
        assert host.call("run", {"write": False}, 0).value == pytest.approx(SIZE / 2)
        reading = private_mb(running)
        assert host.call("run", {"write": True}, 0).value == pytest.approx(SIZE * 1.5)
        writing = private_mb(running)
    finally:
        host.close()
    assert reading < 32  # 64 MB were read
    assert writing > reading + 60


def private_mb(running: Sandbox) -> float:
    """What the only worker of a sandbox has for itself."""
    (worker,) = children(fork_server(running))
    return private_kb(worker) / 1024


def test_a_worker_may_use_as_much_memory_as_without_weights(ask: Ask) -> None:
    small = Limits(memory_mb=200)
    assert ask("import torch\nreturn float(torch.ones(100 << 18).sum())", small).outcome == "returned"
    assert ask("import torch\nreturn float(torch.ones(400 << 18).sum())", small).outcome == "out_of_memory"


# ---- another preload ------------------------------------------------------------------------------------------------


def test_a_sandbox_is_started_again_for_another_preload_and_keeps_it(preload: Preload) -> None:
    work = {"work": "import sys\ndef run(): return 'models' in sys.modules\n"}
    with Sandbox(lanes=1) as running:
        lane = running.lane(0)

        def asked() -> Any:
            host = lane.host(work, PROBES, Limits())
            try:
                return host.call("run", {}, 0).value
            finally:
                host.close()

        assert asked() is False
        first = running.pid
        running.serve(NOTHING)
        assert running.pid == first  # nothing to do
        running.serve(preload)
        assert asked() is True  # on the same lane
        running.restart()
        assert asked() is True
        second = running.pid
        running.serve(Preload(dict(preload.modules), dict(preload.files)))
        assert running.pid == second
        running.serve(NOTHING)
        assert asked() is False


def test_a_host_of_before_says_at_once_that_its_process_is_gone(preload: Preload) -> None:
    with Sandbox(lanes=1) as running:
        host = running.lane(0).host({"work": "def run(): return 1\n"}, PROBES, LIMITS)
        assert host.call("run", {}, 0).value == 1
        running.serve(preload)
        began = time.monotonic()
        with pytest.raises(SandboxLost, match="started again"):
            host.call("run", {}, 0)
        assert time.monotonic() - began < 20  # and not after waiting for an answer


# ---- modules that cannot be preloaded -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("raise ValueError('these weights are of another model')", "ValueError: these weights are of another model"),
        ("def preload(files): raise OSError(f'{sorted(files)}: cut short')", r"OSError: \['toy'\]: cut short"),
        ("import threading\ndef preload(files): threading.Timer(99, print).start()", "started threads"),
        (
            "import mmap\ndef preload(files):\n    global held\n    file = open(files['toy'], 'r+b')\n"
            "    held = mmap.mmap(file.fileno(), 0)",
            r"left memory that workers could change for each other: .*toy\.bin\. Map files privately",
        ),
        (
            "import mmap\ndef preload(files):\n    global held\n    file = open(files['toy'], 'r+b')\n"
            "    held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)",  # mprotect could make it writable
            "left memory that workers could change for each other",
        ),
        (
            "import torch\ndef preload(files):\n    global held\n    held = torch.ones(9).share_memory_()",
            "left memory that workers could change for each other",
        ),
    ],
)
def test_a_fork_server_does_not_start_with_it(tmp_path: Path, module: str, says: str) -> None:
    (tmp_path / "models.py").write_text(module)
    (tmp_path / "toy.bin").write_bytes(bytes(8192))
    preload = Preload({"models": str(tmp_path / "models.py")}, {"toy": str(tmp_path / "toy.bin")})
    with Sandbox(lanes=1, preload=preload) as running, pytest.raises(SandboxError, match=says) as told:
        running.wait()
    assert str(told.value).startswith("the fork server did not start: ")


def test_a_read_only_mapping_is_no_danger(tmp_path: Path) -> None:
    module = "import mmap\ndef preload(files):\n    global held\n    file = open(files['toy'], 'rb')\n"
    (tmp_path / "models.py").write_text(module + "    held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\n")
    (tmp_path / "toy.bin").write_bytes(bytes(8192))
    with Sandbox(1, preload=Preload({"models": str(tmp_path / "models.py")}, {"toy": str(tmp_path / "toy.bin")})) as it:
        assert it.wait()


def test_a_package_of_the_same_name_is_not_taken_for_the_module(tmp_path: Path) -> None:
    (tmp_path / "msgpack.py").write_text("")
    with (
        Sandbox(1, preload=Preload({"msgpack": str(tmp_path / "msgpack.py")})) as running,
        pytest.raises(SandboxError, match=r"`import msgpack` finds .*site-packages.* and not .*/msgpack\.py"),
    ):
        running.wait()


# ---- from an assignment ---------------------------------------------------------------------------------------------


def test_an_assignment_says_what_to_preload(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert preload_of(house.assignment) is NOTHING
    site = house.preloads()
    monkeypatch.syspath_prepend(str(site))
    module = str(house.folder / "assignments/models/models.py")
    found = preload_of(house.assignment)
    assert found == Preload({"models": module}, {"toy": str(site / "toy_weights/toy.bin")}, found.digests)
    assert sorted(found.digests) == ["models/models.py", "weights toy"]
    Path(module).write_text("WEIGHTS = {}\n")
    assert preload_of(house.assignment) != found
