"""Weights are in memory once: workers of a class are looked at from outside while it is graded."""

import os
import re
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.proof.footprint import Footprint
from grader.sandbox.replies import Limits

House = Any  # tests/conftest.py
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")
only_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may look")
PROBES = """
import work

def hold(megabytes):
    work.held = bytearray(megabytes << 20)
    import time
    time.sleep(0.3)
"""
WEIGHTS_MB = 64
PROBE = """
def total():
    import models
    import time
    time.sleep(0.5)  # whoever ends between two looks is not seen: a busy machine looks seldom
    return float(models.weights().sum())
"""
HIDDEN = '''
@problem("1", points=1, weights=("toy",))
def test_total(ask):
    """All weights are read."""
    ask("total").same_as_reference()
    ask("twice", x=np.ones(3)).same_as_reference()
'''


@only_root
def test_what_a_worker_has_for_itself_is_seen(house: House) -> None:
    sandbox = house.sandbox
    with Footprint(sandbox) as seen:
        for megabytes in (5, 120):
            host = sandbox.lane(0).host({"work": ""}, PROBES, Limits())
            assert host.call("hold", {"megabytes": megabytes}, 0).outcome == "returned"
            host.close()
    small, large = sorted(seen.private_mb)
    assert 5 < small < 60
    assert small + 105 < large < small + 140


@only_root
def test_a_class_is_graded_with_the_weights_in_memory_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(house.preloads(WEIGHTS_MB << 18)))
    house.probes(PROBE)
    house.checks(HIDDEN, points={"1": 1})
    solutions = house.folder / "solutions/hw7_tiny"
    for path in [*solutions.glob("mutants/*"), *solutions.glob("alternatives/*")]:
        path.unlink()
    words = ["--course", str(house.folder), "bench", "hw7", "--memory", "--count", "4"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0
    figures = {what.strip(): figure.strip() for _, what, figure, _ in map(cells, done.stdout.splitlines()) if figure}
    assert figures["weights that the fork server has mapped"] == "toy"
    assert int(figures["workers that were looked at (submissions and references)"]) >= 4
    assert float(figures["private memory of a worker, worst"].removesuffix(" MB")) < WEIGHTS_MB / 2
    ready, first = figures["start until the fork server was ready"], figures["start until the first grade"]
    assert 0 < float(ready.removesuffix(" s")) <= float(first.removesuffix(" s"))


def cells(line: str) -> tuple[str, str, str, str]:
    """The two cells of a row of the table; empty ones for other lines."""
    found = re.fullmatch(r"(│)([^│]*)│([^│]*)(│)", line.strip())
    return (found[1], found[2], found[3], found[4]) if found else ("", "", "", "")
