"""What is pinned of the processor reaches a worker, and nothing else does; what is kept is tied to it."""

import os
import sys
from pathlib import Path

import pytest
import torch

from grader.sandbox.forked import ENVIRONMENT, Sandbox
from grader.sandbox.processor import PINS, machine, pinned, processor
from grader.sandbox.replies import Limits

PROBES = """
import os
import torch

def seen(): return [torch.backends.cpu.get_cpu_capability(), dict(os.environ), torch.get_num_threads()]
"""
INTEL = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 85
model name\t: Intel(R) Xeon(R) Platinum
cpu MHz\t\t: 2300.000
flags\t\t: fpu vme sse sse2 ssse3 avx avx2 fma ibpb rtm

processor\t: 1
vendor_id\t: SomebodyElse
flags\t\t: avx512f
"""
ARM = """processor\t: 0
BogoMIPS\t: 243.75
Features\t: fp asimd sve bf16
CPU implementer\t: 0x41
CPU part\t: 0xd40
"""


@pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")
def test_a_worker_computes_as_its_machines_owner_pinned_and_learns_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    monkeypatch.setenv("MKL_CBWR", "COMPATIBLE")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setenv("GRADER_TEST_SECRET", "secret")
    with Sandbox(lanes=1) as sandbox:
        host = sandbox.lane(0).host({}, PROBES, Limits())
        capability, environment, threads = host.call("seen", {}, 0).value
        host.close()
    assert capability == "DEFAULT"
    assert threads == 1
    assert environment.keys() == {*ENVIRONMENT, "TMPDIR", *pinned()}
    assert {name: environment[name] for name in ("ATEN_CPU_CAPABILITY", "MKL_CBWR", "OMP_NUM_THREADS")} == {
        "ATEN_CPU_CAPABILITY": "default",
        "MKL_CBWR": "COMPATIBLE",
        "OMP_NUM_THREADS": "1",
    }


def test_only_the_listed_variables_are_pins() -> None:
    assert pinned({"MKL_CBWR": "AVX2", "PATH": "/bin", "MKL_CBWR_2": "x", "OMP_NUM_THREADS": "2"}) == {
        "MKL_CBWR": "AVX2"
    }


@pytest.mark.parametrize("name", [*PINS, "OMP_NUM_THREADS"])
def test_a_pin_makes_it_another_processor(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name, raising=False)
    before = processor()
    monkeypatch.setenv(name, "1")
    once = processor()
    monkeypatch.setenv(name, "2")
    assert len({before, once, processor()}) == 3
    monkeypatch.delenv(name)
    assert processor() == before


def told(text: str, tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "cpuinfo"
    path.write_text(text)
    machine.cache_clear()
    return machine(path)[1:]


def test_a_processor_is_named_by_what_kernels_are_chosen_by(tmp_path: Path) -> None:
    intel = told(INTEL, tmp_path)
    assert intel == ("GenuineIntel", "6", "85", "", "", "avx", "avx2", "fma", "sse", "sse2", "ssse3")
    assert told(INTEL.replace("2300.000", "800.000").replace(" rtm", ""), tmp_path) == intel
    assert told(INTEL.replace(" fma", ""), tmp_path) != intel
    assert told(INTEL.replace("GenuineIntel", "AuthenticAMD"), tmp_path) != intel
    assert told(ARM, tmp_path) == ("", "", "", "0x41", "0xd40", "asimd", "bf16", "fp", "sve")


def test_where_nothing_is_told_the_architecture_has_to_do(tmp_path: Path) -> None:
    machine.cache_clear()
    assert machine(tmp_path / "nothing")[0] == os.uname().machine


@pytest.mark.skipif(torch.backends.cpu.get_cpu_capability() not in ("AVX2", "AVX512"), reason="of x86 with AVX2")
def test_what_pytorch_found_here_is_among_what_is_named() -> None:
    assert {"avx2", "fma"} <= set(processor())
    assert ("avx512f" in processor()) == (torch.backends.cpu.get_cpu_capability() == "AVX512")
