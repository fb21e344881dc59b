"""What the last bit of a result depends on: the processor, and what its owner has pinned of how it is used.

Libraries choose their kernels by the processor's instructions: sums are then added in another order, and the last
digits of a result differ. Nothing that is compared with a tolerance cares, and nothing that is handed on may depend
on it.
"""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Mapping
from pathlib import Path

# Whoever owns a machine may pin these: to get the same numbers on all machines of a cluster, or to see what another
# processor would compute. The fork server has no other variable of its caller's.
PINS = (
    "ATEN_CPU_CAPABILITY",  # PyTorch's own kernels: default, avx2, avx512
    "ONEDNN_MAX_CPU_ISA",  # oneDNN: convolutions, LSTMs
    "MKL_CBWR",  # MKL: matrix products. COMPATIBLE gives the same bits on every x86
    "MKL_ENABLE_INSTRUCTIONS",
    "OPENBLAS_CORETYPE",  # NumPy's matrix products
    "NPY_DISABLE_CPU_FEATURES",  # NumPy's own loops
)
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")  # of what is computed in this process
ARITHMETIC = ("sse", "ssse", "avx", "fma", "f16c", "amx")  # how x86 names the instructions that kernels are chosen by
MODEL = ("vendor_id", "cpu family", "model", "CPU implementer", "CPU part")


def pinned(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What is pinned there of how the processor is used."""
    return {name: environment[name] for name in PINS if name in environment}


def processor() -> tuple[str, ...]:
    """Names what the last bit depends on here, beside the libraries. Results are kept for where this is the same."""
    threads = {name: os.environ[name] for name in THREADS if name in os.environ}
    set_here = [f"{name}={value}" for name, value in sorted({**pinned(), **threads}.items())]
    return (f"Python {platform.python_version()}", *machine(Path("/proc/cpuinfo")), *set_here)


@functools.cache
def machine(cpuinfo: Path) -> tuple[str, ...]:
    """The architecture; on Linux also the model, and the instructions that kernels are chosen by."""
    machine = platform.machine()
    try:
        first = cpuinfo.read_text(encoding="utf-8", errors="replace").split("\n\n")[0]
    except OSError:
        return machine, platform.processor()
    told = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())}
    x86 = [flag for flag in told.get("flags", "").split() if flag.startswith(ARITHMETIC)]
    instructions = sorted({*x86, *told.get("Features", "").split()})
    return machine, *(told.get(name, "") for name in MODEL), *instructions
