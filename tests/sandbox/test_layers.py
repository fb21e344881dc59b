"""Which layers are found, on this machine and on lesser ones, and that none is promised and then missing.

The lesser machines are real processes in which a system call filter refuses what Docker, or an old kernel, refuses.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.errors import SandboxError
from grader.sandbox.confine import identity, layers, namespaces, rlimits
from grader.sandbox.forked import Sandbox
from grader.sandbox.replies import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
MADE_FOR_NAMESPACES = ["unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr"]
MADE_FOR_LANDLOCK = ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"]

EXAMINE = """
import json, sys
from grader.sandbox.doctor import examine
found = examine(sys.argv[1])
failed = [a.what for a in found.attempts if a.stopped is False]
print(json.dumps({"layers": found.layers, "missing": found.missing, "strong": found.strong, "failed": failed}))
"""


def refusing(names: list[str], number: int) -> Callable[[], None]:
    """For a child: from now on these system calls fail with this error."""
    seccomp = pytest.importorskip("pyseccomp")

    def apply() -> None:
        rules = seccomp.SyscallFilter(seccomp.ALLOW)
        for name in names:
            rules.add_rule(seccomp.ERRNO(number), name)
        rules.load()

    return apply


def surveyed(prepare: Callable[[], None]) -> dict[str, Any]:
    """The layers that are found in a process prepared like this, and why others are not."""
    source = (
        "import json\nfrom grader.sandbox.confine.layers import survey\nwalls = survey('best')\n"
        "print(json.dumps({'layers': walls.active, 'missing': walls.missing}))"
    )
    command, environment = [sys.executable, "-c", source], {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, preexec_fn=prepare, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def test_the_workers_report_what_the_survey_found(sandbox: Sandbox) -> None:
    channel = sandbox.lane(0).spawn(Limits())
    assert channel.layers == sandbox.layers
    assert set(sandbox.layers) | set(sandbox.missing) == set(layers.LAYERS)
    channel.close()


def test_a_confinement_that_does_not_exist() -> None:
    with pytest.raises(SandboxError, match="best, full, container, bare"):
        Sandbox(1, "extreme")


@pytest.mark.skipif(not IS_ROOT, reason="only root can become an ordinary user")
@pytest.mark.parametrize("confinement", ["best", "container"])
def test_an_ordinary_user_is_protected_as_well(ordinary_user: ModuleType, confinement: str) -> None:
    ran = ordinary_user.python(EXAMINE, confinement)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert "user" in found["missing"]
    assert ("namespaces" in found["layers"]) == (confinement == "best")
    assert found["strong"]
    assert found["failed"] == []


@pytest.mark.skipif(not IS_ROOT, reason="only root can give workers other users")
def test_root_without_namespaces_gives_each_worker_a_user(ordinary_user: ModuleType) -> None:
    ran = ordinary_user.root_with_open_python(EXAMINE, "container")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["layers"] == ["user", "privileges", "landlock", "seccomp", "rlimits"]
    assert found["failed"] == []


def test_where_namespaces_are_refused_the_other_layers_are_found() -> None:
    """Docker in its default profile."""
    found = surveyed(refusing(MADE_FOR_NAMESPACES, errno.EPERM))
    assert "Operation not permitted" in found["missing"]["namespaces"]
    assert {"privileges", "landlock", "seccomp", "rlimits"} <= set(found["layers"])


def test_a_kernel_without_landlock_is_told_as_such() -> None:
    found = surveyed(refusing(MADE_FOR_LANDLOCK, errno.ENOSYS))
    assert found["missing"]["landlock"] == "OSError: the kernel has no Landlock, or it is switched off"
    assert {"privileges", "seccomp", "rlimits"} <= set(found["layers"])


def test_full_confinement_is_refused_where_a_layer_is_missing() -> None:
    source = "from grader.sandbox.forked import Sandbox\nSandbox(1, 'full').wait()"
    command, prepare = [sys.executable, "-c", source], refusing(["mount"], errno.EPERM)
    ran = subprocess.run(command, capture_output=True, text=True, preexec_fn=prepare, timeout=60, check=False)
    assert "full confinement is not to be had here (namespaces:" in ran.stderr
    assert "use best or container" in ran.stderr


def test_a_layer_that_was_promised_and_fails_ends_the_worker() -> None:
    promised = layers.Walls(("landlock", "rlimits"), {}, readable=("/no/such/folder",))
    reason = layers.outcome_of(lambda: promised.around_worker(0, Limits(), rlimits.baseline(), "/tmp"))
    assert reason.startswith("FileNotFoundError")


def test_a_worker_that_cannot_be_confined_is_the_graders_error(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="could not be confined as promised"):
        sandbox.lane(0).spawn(Limits(scratch_mb=-1))


def test_a_throw_away_child_tells_why_it_failed() -> None:
    def refused() -> None:
        raise OSError("this is why")

    assert layers.outcome_of(lambda: None) == ""
    assert layers.outcome_of(refused) == "OSError: this is why"
    assert layers.outcome_of(lambda: os.kill(os.getpid(), signal.SIGKILL)) == "the attempt ended with status -9"


def test_users_of_workers_belong_to_nobody_and_differ() -> None:
    import pwd

    users = [identity.user_for(number) for number in range(100)]
    assert len(set(users)) == 100
    assert not set(users) & {entry.pw_uid for entry in pwd.getpwall()}


def test_readable_folders_do_not_hold_the_course() -> None:
    course = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "solutions"))
    folders = layers.readable_folders()
    assert os.path.dirname(os.__file__) in folders or any(os.__file__.startswith(f"{at}/") for at in folders)
    assert not any(course.startswith(f"{os.path.realpath(at)}/") for at in folders)


@pytest.mark.parametrize(
    ("active", "version", "enough"),
    [
        (("seccomp", "landlock"), 7, True),
        (("seccomp", "landlock"), 2, False),
        (("seccomp", "landlock", "user"), 1, True),
        (("seccomp", "namespaces"), 0, True),
        (("seccomp", "rlimits", "privileges"), 7, False),
        (("landlock", "namespaces", "user"), 7, False),
    ],
)
def test_marks_rest_on_seccomp_and_a_wall_around_files(active: tuple[str, ...], version: int, enough: bool) -> None:
    assert layers.strong_enough(active, version) is enough


@pytest.mark.skipif(not IS_ROOT, reason="needs the right to mount")
def test_python_below_tmp_is_found_in_the_jail(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("x = 1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "other.py").write_text("y = 2")
    wanted = (str(tmp_path / "module.py"), str(tmp_path / "folder"))

    def read_in_the_jail() -> None:
        namespaces.own_root(wanted, "/scratch")
        assert Path(wanted[0]).read_text() == "x = 1"
        assert os.listdir(wanted[1]) == ["other.py"]
        assert not os.path.exists("/etc")

    assert layers.outcome_of(read_in_the_jail) == ""
