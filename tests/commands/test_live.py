"""`check` and `as_module` in a notebook: a real kernel, in which the functions of the tiny homework are defined."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.commands.record import record_answers
from grader.course.assignment import load_course

TINY = Path(__file__).parents[1] / "courses" / "tiny"
MEAN = '''

@problem("2", visibility="public")
def test_public_mean(ask: Ask) -> None:
    """The mean of twice 1 and 3."""
    ask("mean", x=np.array([1.0, 3.0])).same_as_reference(hint="Twice first.")
'''
RIGHT = """
import torch
def twice(x):
    return 2 * x
def mean(x):
    return twice(x).mean()
"""

EXPERIMENT = """
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "pictures"))

from pictures import load


def main(tiny):
    return [tiny.twice(x) for x in load()]
"""

Run = Callable[..., str]
BY_NAME = "answers_by_name.json"  # what is recorded when probes import names, and not the module


def by_name(probes: str) -> str:
    imports = "from tiny import mean as own_mean, twice as own_twice\n"
    return probes.replace("import tiny\n", imports).replace("tiny.twice", "own_twice").replace("tiny.mean", "own_mean")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny homework as a student has it, with a public check for both problems."""
    course = tmp_path_factory.mktemp("live") / "course"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    assignment = load_course(course).assignment("hw7")
    with (assignment.folder / "checks" / "test_public.py").open("a") as checks:
        checks.write(MEAN)
    probes, answers = assignment.folder / "probes.py", assignment.folder / "answers.json"
    kept = probes.read_text()
    probes.write_text(by_name(kept))
    record_answers(assignment)
    answers.rename(answers.with_name(BY_NAME))
    probes.write_text(kept)
    record_answers(assignment)
    shutil.rmtree(course / "solutions")
    return assignment.folder


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[NotebookClient]:
    client = NotebookClient(new_notebook(), kernel_name="python3", allow_errors=True, timeout=120)
    with client.setup_kernel(cwd=str(folder)):
        yield client


@pytest.fixture
def run(kernel: NotebookClient) -> Run:
    """Runs a cell and returns what it shows, as plain text; each test begins with both functions right."""

    def run(code: str) -> str:
        kernel.nb.cells.append(new_code_cell(code))
        cell = kernel.execute_cell(kernel.nb.cells[-1], len(kernel.nb.cells) - 1)
        return "\n".join(map(shown, cell.outputs))

    assert run(f"from grader import as_module, check\n{RIGHT}") == ""
    return run


def shown(output: NotebookNode) -> str:
    match output.output_type:
        case "stream":
            return str(output.text)
        case "error":
            return f"raised {output.ename}\n" + "\n".join(output.traceback)
    return str(output.data["text/plain"])


def test_functions_of_the_notebook_are_checked(run: Run, kernel: NotebookClient) -> None:
    said = run("check('1')")
    assert " ".join(said.split()) == "Problem 1, Twice passed Twice a small vector. 1 of 1 public checks pass."
    (output,) = kernel.nb.cells[-1].outputs
    html = output.data["text/html"]
    assert html.startswith('<pre style="white-space: pre-wrap')
    assert re.search(r'<span style="color: #\w+[^"]*"> *passed</span>', html)


def test_the_state_of_this_moment_counts(run: Run, kernel: NotebookClient) -> None:
    run("def twice(x):\n    print('three <times>')\n    return 3 * x")
    said = run("result = check('1')")
    assert "failed  Twice a small vector.\n" in said
    assert "got: tensor float64 (2,): [3., 6.]\n" in said
    assert "expected: tensor float64 (2,): [2., 4.]\n" in said
    assert "you printed: three <times>\n" in said
    assert "three &lt;times&gt;" in kernel.nb.cells[-1].outputs[0].data["text/html"]
    assert run("result, bool(result), result.passed, result.checks[0].verdict") == (
        "(0 of 1 public checks pass, False, False, 'failed')"
    )
    # `mean` was defined earlier and calls the `twice` of now.
    assert "got: 6. (tensor float64)" in run("check('2')")
    run(RIGHT)
    assert "2 of 2 public checks pass." in run("check(1, 2)")
    assert run("bool(check())").endswith("True")


def test_a_name_that_is_not_defined_is_missing(run: Run) -> None:
    run("del twice")
    said = run("check()")
    assert "missing  Twice a small vector.\n" in said
    assert "Your notebook has no `twice`.\n" in said
    assert "try: Run the cell that defines it." in said
    assert "0 of 2 public checks pass." in said  # `mean` calls it


def test_a_stub_is_missing(run: Run) -> None:
    run("def twice(x):\n    raise NotImplementedError('Problem 1')")
    said = run("check('1')")
    assert "missing  Twice a small vector." in said
    assert "This is not implemented yet (cell" in said


def test_an_exception_names_the_line_in_the_cell_and_nothing_of_ours(run: Run) -> None:
    run("def scaled(x):\n\n    return {}['no']\ndef twice(x):\n    return scaled(x)")
    said = run("check('1')")
    assert "crashed  Twice a small vector." in said
    number = run("len(In) - 3")
    place = f"(cell {number} of your notebook, line 3, in scaled: `return {{}}['no']`)"
    assert f"Your code raised KeyError {place}." in " ".join(said.split())
    assert "Traceback" not in said
    assert "site-packages" not in said
    assert "ipykernel" not in said


def test_what_cannot_be_checked_is_said(run: Run, folder: Path) -> None:
    assert run("check('9')") == 'hw7_tiny has no problem "9". Problems with checks: "1", "2".'
    assert run("check(3)") == 'Problem "3", Essay, is graded by hand. Problems with checks: "1", "2".'
    assert "There is no homework 'hw9' in" in run("check('1', homework='hw9')")
    assert "1 of 1 public checks pass" in run("check('1', homework='hw7')")


@pytest.mark.parametrize("goes", ["%cd -q /", "import os; os.chdir('/')"])
def test_where_a_cell_goes_does_not_matter(run: Run, folder: Path, goes: str) -> None:
    run(goes)
    try:
        assert "1 of 1 public checks pass" in run("check('1')")
        assert run("as_module('tiny').twice(2)") == "4"
    finally:
        run(f"import os; os.chdir({str(folder)!r})")


def test_a_notebook_that_lies_elsewhere_is_asked_which_homework_it_is(folder: Path) -> None:
    client = NotebookClient(new_notebook(), kernel_name="python3", allow_errors=True, timeout=120)
    with client.setup_kernel(cwd=str(folder.parents[1])):
        for code in (f"from grader import check\n{RIGHT}", "check('1')", "check('1', homework='hw7')"):
            client.nb.cells.append(new_code_cell(code))
            client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1)
    _, asked, named = ("\n".join(map(shown, cell.outputs)) for cell in client.nb.cells)
    assert " ".join(asked.split()).endswith('(no assignment.toml, nor above it). Say which: homework="hw7_tiny".')
    assert "1 of 1 public checks pass" in named


def test_nbgrader_gets_an_exception_without_a_traceback(run: Run) -> None:
    run("import os; os.environ['NBGRADER_EXECUTION'] = 'validate'")
    run("def twice(x):\n    return x")
    said = run("check('1')")
    assert "raised ChecksFailed" in said
    assert "ChecksFailed: 0 of 1 public checks pass. First: Twice a small vector. failed:" in said
    assert "live.py" not in said
    run(RIGHT)
    assert "raised" not in run("check('1')")
    assert "raised ChecksFailed" in run("check('9')")
    assert (
        run("issubclass(type(__import__('grader.commands.live').commands.live.ChecksFailed('')), AssertionError)")
        == "True"
    )
    run("del os.environ['NBGRADER_EXECUTION']")


def test_a_check_leaves_the_notebook_as_it_was(run: Run) -> None:
    run("""
import os, random, sys
import numpy as np
def state():
    streams = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    names = {name for name in globals() if not name.startswith('_')} - {'before', 'state', 'twice'}
    return [streams, os.getcwd(), list(sys.path), torch.get_num_threads(), sys.stdout, list(sys.meta_path), names,
            [name for name in sys.modules if name in ('tiny', 'probes') or 'test_public' in name], dict(os.environ)]
def twice(x):
    random.random(), np.random.rand(), torch.rand(2)
    os.chdir('/')
    sys.path.insert(0, '/')
    return 2 * x
before = state()
""")
    assert "1 of 1" in run("check('1')")
    assert "1 of 2" not in run("check()")
    assert run("[a == b for a, b in zip(before, state())]") == str([True] * 9)


def test_as_module_is_a_live_view(run: Run) -> None:
    assert run("tiny = as_module('tiny'); import tiny as again; again is tiny, tiny.twice(4)") == "(True, 8)"
    run("def twice(x):\n    return 'new'")
    assert run("tiny.twice(4)") == "'new'"
    assert run("from tiny import twice as taken; taken is twice") == "True"
    assert run("hasattr(tiny, 'In'), hasattr(tiny, 'nothing'), 'twice' in dir(tiny)") == "(False, False, True)"
    assert "has not defined 'nothing'" in run("tiny.nothing")
    assert "1 of 1" not in run("check('1')")
    assert run("import sys; sys.modules['tiny'] is tiny") == "True"  # a check puts it back
    said = run("as_module('torch')")
    assert said.startswith("raised NotPossible")
    assert "hw7_tiny has no module 'torch'. There is: 'tiny'." in said
    assert "live.py" not in said


def test_an_experiment_uses_what_homeworks_share(run: Run, folder: Path) -> None:
    place = folder.parent / "pictures"
    place.mkdir(exist_ok=True)
    (place / "pictures.py").write_text("def load():\n    return [1, 2]\n")
    (folder / "experiment.py").write_text(EXPERIMENT)
    assert run("import experiment; experiment.main(as_module('tiny'))") == "[2, 4]"
    assert "1 of 1" in run("check('1')")


def test_a_module_of_that_name_from_the_disk_is_not_what_is_checked(run: Run) -> None:
    run("import sys; sys.modules.pop('tiny', None); import tiny")
    assert "missing" not in run("check('1')")
    assert run("tiny.__file__ is not None and sys.modules['tiny'] is tiny") == "True"


def test_an_interrupt_stops_the_checks_and_nothing_else(run: Run) -> None:
    interrupt = "import os, signal\n    os.kill(os.getpid(), signal.SIGINT)\n    while True: pass"
    run(f"def twice(x):\n    {interrupt}")
    said = run("check()")
    assert "raised Interrupted" in said
    assert "Interrupted: the checks were stopped." in said
    assert "live.py" not in said
    run("""
import os, signal
def twice(x):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        while True: pass
    except BaseException:
        return 2 * x
""")
    assert "raised Interrupted" in run("check()")
    run(RIGHT)
    assert "2 of 2 public checks pass." in run("check()")


def test_leaving_and_recursing_are_a_verdict(run: Run) -> None:
    run("def twice(x):\n    exit()")
    assert "Your code ended the program (SystemExit)" in run("import sys\ndef twice(x):\n    sys.exit()\ncheck('1')")
    assert "called itself without end" in run("def twice(x):\n    return twice(x)\ncheck('1')")


def test_probes_that_import_names_find_them_or_say_that_they_are_missing(run: Run, folder: Path) -> None:
    probes, answers = folder / "probes.py", folder / "answers.json"
    kept, recorded = probes.read_text(), answers.read_text()
    try:
        probes.write_text(by_name(kept))
        answers.write_text((folder / BY_NAME).read_text())
        run("del mean")
        said = run("check('1')")
        assert "missing  Twice a small vector." in said
        assert said.count("Your notebook has no `mean`") == 1
        run(RIGHT)
        assert "1 of 1 public checks pass" in run("check('1')")
    finally:
        probes.write_text(kept)
        answers.write_text(recorded)


def test_importing_the_package_costs_nothing() -> None:
    import subprocess
    import sys

    code = "import sys, json, grader; print(json.dumps(sorted(name for name in sys.modules if '.' not in name)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert not {"torch", "numpy", "pytest", "IPython", "pydantic", "rich"} & set(loaded)
