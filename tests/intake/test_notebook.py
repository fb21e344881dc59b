"""Notebooks as they come back: what of them is taken, what is not, and what the student is told."""

from __future__ import annotations

import codecs
import copy
import itertools
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.authoring.markers import solved
from grader.authoring.notebook import exported, notebook_of, written
from grader.authoring.parts import joined
from grader.course.assignment import load_course
from grader.course.digest import digest
from grader.intake import CellPlace, IntakeLimits, Submission, Wanted, list_class, read_class, read_submission

House = Any  # tests/conftest.py

STUBS = {
    "head": '"""A homework."""\n\nimport math',
    "union": 'def union(a, b):\n    """Both."""\n    raise NotImplementedError',
    "total_loss": "def total_loss(losses):\n    raise NotImplementedError",
    "Net": "class Net:\n    def forward(self):\n        raise NotImplementedError",
}
WORK = {
    "head": STUBS["head"],
    "union": 'def union(a, b):\n    """Both."""\n    return a | b',
    "total_loss": "def total_loss(losses):\n    return math.fsum(losses)",
    "Net": "class Net:\n    def forward(self):\n        return 1",
}
STUB, MODULE = joined(list(STUBS.values())), joined(list(WORK.values()))
WANTED = Wanted(
    ("multitask.py",),
    "hw0.ipynb",
    {"multitask": {part: digest(text) for part, text in STUBS.items()}},
    {"multitask": digest(STUB)},
)
TITLE, SETUP, HEAD, UNION, CHECK, LOSS, NET = range(7)  # the cells, from 0
PART = {HEAD: "head", UNION: "union", LOSS: "total_loss", NET: "Net"}


def export_cell(part: str, source: str) -> NotebookNode:
    """A cell as the course hands it out."""
    id = f"multitask-{part}"
    nbgrader = {"schema_version": 3, "grade_id": id, "grade": False, "solution": True, "locked": False, "task": False}
    metadata = {"tags": ["export"], "grader": {"module": "multitask", "part": part}, "nbgrader": nbgrader}
    return new_code_cell(source, id=id, metadata=metadata)


def notebook(parts: dict[str, str] = WORK) -> NotebookNode:
    head, union, loss, net = (export_cell(part, text) for part, text in parts.items())
    cells = [
        new_markdown_cell("# The homework", id="title"),
        new_code_cell("from grader import check", id="setup"),
        head,
        union,
        new_code_cell('check("1")', id="check-1"),
        loss,
        net,
    ]
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata={**python, "language_info": {"name": "python"}})


def read(folder: Path, content: NotebookNode | str | bytes, name: str = "hw0.ipynb", **limits: int) -> Submission:
    text = json.dumps(content) if isinstance(content, dict) else content
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_submission(path, WANTED, IntakeLimits(**limits))


def without(*parts: str) -> str:
    """The module when some parts are not taken."""
    return joined([text for part, text in WORK.items() if part not in parts])


def put_in(**sources: str) -> str:
    """The module when some parts have another text."""
    return joined([sources.get(part, text) for part, text in WORK.items()])


def test_a_notebook_is_its_exported_cells(tmp_path: Path) -> None:
    submission = read(tmp_path, notebook())
    assert (submission.refusal, submission.notes, submission.view) == (None, (), "notebook")
    assert submission.modules == {"multitask": MODULE}
    assert submission.fingerprint == Submission.accepted("x", tmp_path, {"multitask": MODULE}, ()).fingerprint
    assert submission.places["multitask"][:2] == (
        CellPlace("hw0.ipynb", cell=3, first=1, last=3, offset=0),
        CellPlace("hw0.ipynb", cell=4, first=6, last=8, offset=5),
    )
    with pytest.raises(TypeError):
        submission.places["multitask"] = ()  # type: ignore[index]


# ---- odd notebooks that are taken ------------------------------------------------------------------------------------


def retagged(at: int, **metadata: Any) -> Callable[[NotebookNode], object]:
    """Another metadata for one cell, and an id that says nothing."""
    return lambda nb: nb.cells[at].update(metadata=metadata, id="abc")


def source(at: int, text: str) -> Callable[[NotebookNode], object]:
    return lambda nb: nb.cells[at].update(source=text)


def insert(at: int, cell: NotebookNode) -> Callable[[NotebookNode], object]:
    return lambda nb: nb.cells.insert(at, cell)


def duplicated(at: int, text: str, to: int) -> Callable[[NotebookNode], object]:
    def change(nb: NotebookNode) -> None:
        twin = copy.deepcopy(nb.cells[at])
        twin.update(id="twin", source=text)
        nb.cells.insert(to, twin)

    return change


def retyped(at: int, kind: str) -> Callable[[NotebookNode], object]:
    return lambda nb: nb.cells[at].update(cell_type=kind)


def merged(nb: NotebookNode) -> None:
    """union, check-1 and total_loss made one, as Jupyter merges cells."""
    nb.cells[UNION].source = "\n\n".join(nb.cells[at].source for at in (SETUP, UNION, CHECK, LOSS))
    del nb.cells[CHECK : LOSS + 1]


def split(at: int, line: int, metadata: bool) -> Callable[[NotebookNode], object]:
    def change(nb: NotebookNode) -> None:
        lines = nb.cells[at].source.split("\n")
        half = new_code_cell("\n".join(lines[line:]), metadata=nb.cells[at].metadata if metadata else {})
        nb.cells[at].source = "\n".join(lines[:line])
        nb.cells.insert(at + 1, half)

    return change


BOTH = f"{WORK['union']}\n\n\n{WORK['total_loss']}"
PLOT = "def plot():\n    return 3"
BLANKED = "    "

ODD: dict[str, tuple[Callable[[NotebookNode], object], str, tuple[str, ...]]] = {
    # what happened: the change, the module that is taken, the words of the notes
    "deleted": (lambda nb: nb.cells.pop(UNION), without("union"), ("that are gone", "missing: union")),
    "deleted head": (
        lambda nb: nb.cells.pop(HEAD),
        without("head"),
        ("gone", "head (the first cell of multitask.py, with its imports)"),
    ),
    "merged": (
        merged,
        put_in(union=f"pass\n\n{WORK['union']}\n\npass\n\n{WORK['total_loss']}", total_loss=""),
        (
            "total_loss is defined in cell 4 (union)",
            "taken out",
            "cell 4 (union), line 1 (`from grader import check`)",
            'line 7 (`check("1")`)',
        ),
    ),
    "reordered": (
        lambda nb: nb.cells.insert(HEAD, nb.cells.pop(LOSS)),
        joined([WORK["total_loss"], WORK["head"], WORK["union"], WORK["Net"]]),
        ("another order than in the handout (cell 4 (head)): taken as they stand",),
    ),
    "copied as it was": (
        duplicated(UNION, WORK["union"] + "  \n\n", 6),
        joined([WORK["head"], WORK["total_loss"], WORK["union"] + "  ", WORK["Net"]]),
        ("cell 4 (union) is an untouched or equal copy of cell 7 (union) and left out",),
    ),
    "copied before writing": (
        duplicated(UNION, STUBS["union"], 6),
        MODULE,
        ("cell 7 (union) is an untouched or equal copy of cell 4 (union) and left out",),
    ),
    "copied and changed": (
        duplicated(UNION, "def union(a, b): return a", 6),
        joined([WORK["head"], WORK["union"], WORK["total_loss"], "def union(a, b): return a", WORK["Net"]]),
        ("cell 4 (union) and cell 7 (union) are the same part: all are taken, and what comes last counts",),
    ),
    "markdown": (
        retyped(UNION, "markdown"),
        without("union"),
        ("cell 4 (union) is a markdown cell, so it was not taken: change its type back to Code",),
    ),
    "raw": (retyped(LOSS, "raw"), without("total_loss"), ("cell 6 (total_loss) is a raw cell, so it was not taken",)),
    "split, both halves marked": (
        split(HEAD, 2, True),
        put_in(head='"""A homework."""\n\n\nimport math'),
        ("cell 3 (head) and cell 4 (head) are the same part: all are taken",),
    ),
    "split, second half bare": (
        split(HEAD, 2, False),
        joined(['"""A homework."""', "import math", WORK["union"], WORK["total_loss"], WORK["Net"]]),
        ("taken too, because these cells use them: cell 4 (`import math`)",),
    ),
    "part defined in a cell of the student's": (
        lambda nb: (nb.cells[UNION].update(source=STUBS["union"]), nb.cells.append(new_code_cell(WORK["union"]))),
        joined([WORK["head"], WORK["total_loss"], WORK["Net"], WORK["union"]]),
        ("taken for the cells that were handed out, which are untouched or gone: cell 8 (union)",),
    ),
    "deleted, and defined in a cell of the student's": (
        lambda nb: (nb.cells.pop(UNION), nb.cells.insert(0, new_code_cell(WORK["union"]))),
        joined([WORK["union"], WORK["head"], WORK["total_loss"], WORK["Net"]]),
        ("which are untouched or gone: cell 1 (union)", "another order than in the handout"),
    ),
    "import in a cell of the student's": (
        lambda nb: (
            nb.cells.insert(2, new_code_cell("import numpy as np")),
            nb.cells[4].update(source="def union(a, b):\n    return np.union1d(a, b)"),
        ),
        "import numpy as np\n\n\n" + put_in(union="def union(a, b):\n    return np.union1d(a, b)"),
        ("taken too, because these cells use them: cell 3 (`import numpy as np`)",),
    ),
    "helper in a cell of the student's": (
        lambda nb: (
            nb.cells.insert(2, new_code_cell("def helper(a, b):\n    return a | b")),
            nb.cells[4].update(source="def union(a, b):\n    return helper(a, b)"),
        ),
        put_in(union="def union(a, b):\n    return helper(a, b)"),
        ("exported cells use what only other cells define: helper of cell 3 (`def helper", "add the tag `export`"),
    ),
    "tag lost": (
        lambda nb: nb.cells[UNION].metadata.pop("tags"),
        MODULE,
        ("without the tag `export`, but taken all the same: cell 4 (union)",),
    ),
    "only nbgrader's mark": (
        retagged(UNION, nbgrader={"grade_id": "multitask-union"}),
        MODULE,
        ("taken all the same: cell 4 (union)",),
    ),
    "only the id": (
        lambda nb: nb.cells[UNION].update(metadata={}),
        MODULE,
        ("taken all the same: cell 4 (union)",),
    ),
    "only the tag": (
        retagged(UNION, tags=["Export "]),
        MODULE,
        ("no cell of their own any more: union is defined in cell 4 (`def union(a, b):`)",),
    ),
    "a cell more": (
        insert(3, new_code_cell("def helper(): ...", metadata={"tags": ["export"]})),
        joined([WORK["head"], "def helper(): ...", *list(WORK.values())[1:]]),
        (),
    ),
    "an experiment": (insert(7, new_code_cell("import os\nos.abort()")), MODULE, ()),
    "invalid Python": (
        source(UNION, "def union(a, b):\n    return a +"),
        without("union"),
        ("left out: cell 4 (union) is not valid Python (line 2: invalid syntax)",),
    ),
    "return outside of a function": (
        source(UNION, f"{WORK['union']}\n\nreturn 3"),
        without("union"),
        ("cell 4 (union) is not valid Python (line 5: 'return' outside function)",),
    ),
    "await at the top": (
        source(UNION, "await union"),
        without("union"),
        ("cell 4 (union) is not valid Python (line 1: 'await' outside function)",),
    ),
    "half a character": (
        source(UNION, "x = '\ud800'"),
        without("union"),
        ("cell 4 (union) is not valid Python (line 1: half a character",),
    ),
    "signs in a row": (
        source(UNION, f"x = 1\ny = {'-' * 20_000}1"),
        without("union"),
        ("left out: cell 4 (union) is not valid Python (line 2: it is nested too deeply for Python)",),
    ),
    "a long sum": (
        source(UNION, f"x = 1\n\ny = {'+'.join(['x'] * 20_000)}"),
        without("union"),
        ("left out: cell 4 (union) is not valid Python (line 3: it is nested too deeply for Python)",),
    ),
    "compiled without end": (
        source(UNION, "x = f'" + "{1}" * 300_000 + "'"),
        without("union"),
        ("left out: cell 4 (union) is not valid Python (it takes Python too long to compile)",),
    ),
    "a number of thousands of digits": (
        source(UNION, f"x = 1\ny = {'9' * 5_000}"),
        without("union"),
        ("left out: cell 4 (union) is not valid Python (line 2: Exceeds the limit (4300 digits)",),
    ),
    "valid alone": (
        source(LOSS, "x = 1\n\nglobal union"),
        without("total_loss"),
        (
            "left out: cell 6 (total_loss) is not valid Python together with the cells above it "
            "(line 3: name 'union' is assigned to before global declaration)",
        ),
    ),
    "null character": (source(UNION, "x = 1\ny = '\0'"), without("union"), ("not valid Python", "null bytes")),
    "merge conflict in a cell": (
        source(UNION, f"<<<<<<< local\n{WORK['union']}\n=======\n>>>>>>> remote"),
        without("union"),
        ("cell 4 (union) is not valid Python (line 1: a merge conflict that is not resolved)",),
    ),
    "magic lines": (
        source(HEAD, f"%matplotlib inline\n!pip install torch\n{WORK['head']}\nmath.pi?\n?math\n%load_ext \\\nx"),
        put_in(head=WORK["head"]),
        ("cell 3 (head), line 1 (`%matplotlib inline`)", "line 2 (`!pip install torch`)", "line 6 (`math.pi?`)"),
    ),
    "magics in a block": (
        source(UNION, "def union(a, b):\n    %timeit a\n    files = !ls\n    if a:\n        !ls '(\n    return a | b"),
        put_in(union="def union(a, b):\n    pass\n    pass\n    if a:\n        pass\n    return a | b"),
        ("cell 4 (union), line 2 (`%timeit a`)", "line 3 (`files = !ls`)", "line 5 (`!ls '(`)"),
    ),
    "no magics": (
        source(HEAD, '"""\n%timeit\n!ls\nx?\n"""\nimport math\nx = (7\n% 4 != 3\n)\ny = 7 \\\n% 4'),
        put_in(head='"""\n%timeit\n!ls\nx?\n"""\nimport math\nx = (7\n% 4 != 3\n)\ny = 7 \\\n% 4'),
        (),
    ),
    "magics among what looks like them": (
        source(HEAD, '%time\nimport math\ns = """\n%timeit\n!ls\n"""\nx = (7\n% 4 != 3\n)\ny = 7 \\\n% 4'),
        put_in(head='import math\ns = """\n%timeit\n!ls\n"""\nx = (7\n% 4 != 3\n)\ny = 7 \\\n% 4'),
        ("cell 3 (head), line 1 (`%time`)",),
    ),
    "timed": (
        source(UNION, f"\n%%time\n%%capture out\n{WORK['union']}"),
        MODULE,
        ("cell 4 (union), line 2 (`%%time`)", "line 3 (`%%capture out`)"),
    ),
    "another language": (
        source(UNION, "%%bash\nrm -rf /"),
        without("union"),
        ("left out: cell 4 (union) begins with %%bash, so it is not Python",),
    ),
    "timed, in another language": (
        source(UNION, "%%time\n%%writefile multitask.py\nx = 1"),
        without("union"),
        ("left out: cell 4 (union) begins with %%writefile, so it is not Python",),
    ),
    "pasted with prompts": (
        source(UNION, ">>> def union(a, b):\n...     return a\n"),
        put_in(union="def union(a, b):\n    return a"),
        (),
    ),
    "indented": (
        source(UNION, "    def union(a, b):\n        return a"),
        put_in(union="def union(a, b):\n    return a"),
        (),
    ),
    "talk": (
        source(
            NET,
            f'{WORK["Net"]}\nimport grader, json\nnet = as_module(\n  "multitask"\n); k = 1\ncheck("1")\ndisplay(Net)',
        ),
        put_in(Net=f"{WORK['Net']}\nimport json\npass; k = 1\n\n\npass\npass"),
        ("cell 7 (Net), line 4 (`import grader, json`)", 'line 8 (`check("1")`)', "line 9 (`display(Net)`)"),
    ),
    "a check of the student's own": (
        source(NET, f"{WORK['Net']}\ndef check(x): ...\ncheck(1)"),
        put_in(Net=f"{WORK['Net']}\ndef check(x): ...\ncheck(1)"),
        (),
    ),
    "imports from the future": (
        source(LOSS, f"from __future__ import annotations\n{WORK['total_loss']}"),
        "from __future__ import annotations\n" + MODULE,
        (),
    ),
    "rubbish beside the cells": (
        lambda nb: (
            nb.cells[UNION].update(outputs=[{"output_type": "nonsense"}, 3, new_output("stream", text="x" * 99)]),
            nb.cells[UNION].metadata.update(widgets=[float("nan")], collapsed="perhaps"),
            nb.cells[TITLE].update(attachments={"a.png": None}),
            nb.metadata.update(widgets={"state": [[]]}),
        ),
        MODULE,
        (),
    ),
    "marks of wrong types": (
        lambda nb: (
            nb.cells[UNION].update(metadata={"tags": "export", "grader": [1], "nbgrader": 7}, id=None)
            or nb.cells[LOSS].update(metadata={"tags": ["export", 3], "grader": {"module": 1, "part": ["x"]}})
        ),
        MODULE,
        ("which are untouched or gone: cell 4 (union)",),
    ),
    "format 4.0": (
        lambda nb: nb.update(nbformat_minor=0) or [cell.pop("id") for cell in nb.cells],
        MODULE,
        (),
    ),
    "no version at all": (lambda nb: nb.pop("nbformat"), MODULE, ()),
    "Windows line ends": (source(UNION, WORK["union"].replace("\n", "\r\n")), MODULE, ()),
    "lines as a list": (
        lambda nb: [cell.update(source=cell.source.splitlines(keepends=True)) for cell in nb.cells],
        MODULE,
        (),
    ),
    "kernel of another name": (
        lambda nb: nb.metadata.update(kernelspec={"name": "conda-env-x", "display_name": "x"}, language_info={}),
        MODULE,
        (),
    ),
}


@pytest.mark.parametrize(("change", "module", "words"), ODD.values(), ids=ODD)
def test_odd_notebooks(
    tmp_path: Path, change: Callable[[NotebookNode], object], module: str, words: tuple[str, ...]
) -> None:
    nb = notebook()
    change(nb)
    submission = read(tmp_path, nb)
    assert submission.refusal is None
    assert squeezed(submission.modules["multitask"]) == squeezed(module)
    told = "\n".join(submission.notes)
    for word in words:
        assert word in told
    assert bool(words) == bool(told)
    assert all(note.startswith("hw0.ipynb: ") for note in submission.notes)
    assert "\0" not in told
    told.encode()
    assert places_are_right(submission, nb)


def squeezed(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def places_are_right(submission: Submission, nb: NotebookNode) -> bool:
    """Every line of the module stands in the cell and on the line that its place says."""
    lines = submission.modules["multitask"].split("\n")
    right = 0
    for place in submission.places["multitask"]:
        text = nb.cells[place.cell - 1].source
        of_cell = ("".join(text) if isinstance(text, list) else text).replace("\r\n", "\n").split("\n")
        for line in range(place.first, place.last + 1):
            cleaned = lines[line - 1].strip()
            if cleaned not in ("", "pass", "import json", "pass; k = 1"):
                assert cleaned in of_cell[line - place.offset - 1]
                right += 1
    return right > 0


def test_what_is_blanked_keeps_its_line(tmp_path: Path) -> None:
    nb = notebook()
    nb.cells[UNION].source = "\n\n%time\n!ls \\\n  -l\n" + WORK["union"]
    submission = read(tmp_path, nb)
    assert submission.modules == {"multitask": MODULE}
    assert submission.places["multitask"][1] == CellPlace("hw0.ipynb", cell=4, first=6, last=8, offset=0)


def test_the_handout_is_taken_and_said_to_be_untouched(tmp_path: Path) -> None:
    submission = read(tmp_path, notebook(STUBS))
    assert submission.modules == {"multitask": STUB}
    assert submission.notes == ("hw0.ipynb: its exported cells are as they were handed out",)


def test_ordinary_grading_does_not_import_ipython(tmp_path: Path) -> None:
    read(tmp_path, notebook())
    program = f"""if True:
        import sys
        from pathlib import Path
        from grader.intake import Wanted, read_submission
        print(read_submission(Path({str(tmp_path / "hw0.ipynb")!r}), Wanted(("multitask.py",), "hw0.ipynb")).refusal)
        print([name for name in ("IPython", "nbformat", "pydantic") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n[]\n"


# ---- old formats ---------------------------------------------------------------------------------------------------


def test_format_3_is_upgraded(tmp_path: Path) -> None:
    old = json.loads(nbformat.writes(nbformat.convert(notebook(), 3), version=3))
    assert old["nbformat"] == 3
    assert old["worksheets"]
    submission = read(tmp_path, old)
    assert submission.modules == {"multitask": MODULE}
    assert "version 3 of the notebook format; it was converted to version 4" in submission.notes[0]


@pytest.mark.parametrize("version", [1, 2])
def test_formats_without_metadata_are_known_by_what_they_define(tmp_path: Path, version: int) -> None:
    key, text = ("code", "text") if version == 1 else ("input", "source")
    cells = [
        {"cell_type": "code", key: WORK["union"], "language": "python", "outputs": [], "collapsed": False},
        {"cell_type": "text" if version == 1 else "markdown", text: "hello"},
    ]
    old = {"cells": cells} if version == 1 else {"worksheets": [{"cells": cells}], "metadata": {"name": "x"}}
    submission = read(tmp_path, json.dumps({"nbformat": version, "nbformat_minor": 0, **old}))
    assert submission.modules == {"multitask": f"{WORK['union']}\n"}
    assert (
        "the marks of the cells are lost; taken were cells by what they define: cell 1 (union)" in submission.remarks[0]
    )


# ---- notebooks that are refused ------------------------------------------------------------------------------------


def bare(**others: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [], **others}


def changed(change: Callable[[NotebookNode], object]) -> NotebookNode:
    nb = notebook()
    change(nb)
    return nb


TEXT = json.dumps(notebook(), indent=1)
CONFLICT = TEXT.replace(' "cells": [\n', ' "cells": [\n<<<<<<< HEAD\n', 1)

REFUSED: dict[str, tuple[str | bytes | dict[str, Any], str]] = {
    "no JSON": ("once upon a time", "hw0.ipynb is not a notebook, or damaged: it is not valid JSON (line 1, column 1"),
    "truncated": (TEXT[:-40], "not valid JSON (line "),
    "merge conflict": (CONFLICT, "hw0.ipynb, line 15, is a mark of git (`<<<<<<<`): a merge conflict is not resolved"),
    "list": ("[1, 2]", "is a JSON list, not an object"),
    "null": ("null", "is a JSON null, not an object"),
    "no cells": ({"nbformat": 4, "metadata": {}}, "it has no cells"),
    "cells of another type": (bare(cells={"a": 1}), "it has a JSON object where its cells should be"),
    "empty": (bare(), "hw0.ipynb has no cells"),
    "a number for a cell": (bare(cells=[7]), "cell 1 is a JSON number, not a cell"),
    "no cell type": (bare(cells=[{"source": ""}]), "cell 1 does not say of which type it is (cell_type)"),
    "no source": (bare(cells=[{"cell_type": "code"}]), "the source of cell 1 is null, not text"),
    "a number for a source": (
        bare(cells=[{"cell_type": "raw", "source": ""}, {"cell_type": "code", "source": 7}]),
        "the source of cell 2 is number, not text",
    ),
    "numbers in a source": (bare(cells=[{"cell_type": "code", "source": ["x", 7]}]), "source of cell 1 is list"),
    "newer": (bare(nbformat=5), "is in version 5 of the notebook format, which is newer than the grader"),
    "huge version": ('{"cells": [], "nbformat": ' + "9" * 5000 + "}", "which is newer than the grader"),
    "text for a version": (bare(nbformat="4"), "does not say which version of the notebook format it is in"),
    "infinite version": ('{"cells": [], "nbformat": Infinity}', "does not say which version of the notebook format"),
    "version 3 without worksheets": (bare(nbformat=3), "has no worksheets"),
    "R": (
        changed(lambda nb: nb.metadata.update(kernelspec={"name": "ir", "language": "R"}, language_info={"name": "R"})),
        "hw0.ipynb is a notebook for R, not for Python",
    ),
    "Julia, by its kernel": (
        changed(lambda nb: nb.metadata.update(kernelspec={"language": "julia"}, language_info=None)),
        "is a notebook for julia",
    ),
    "all exported cells are text": (
        changed(lambda nb: [cell.update(cell_type="markdown") for cell in nb.cells]),
        "nothing to grade: cell 3 (head) is a markdown cell; cell 4 (union) is a markdown cell",
    ),
    "another homework": (
        changed(
            lambda nb: [
                nb.cells[at].update(
                    metadata={"tags": ["export"], "grader": {"module": "meta", "part": "x"}}, id=str(at)
                )
                for at in PART
            ]
        ),
        "is the notebook of another homework: its cells are of meta.py. Hand in multitask.py or hw0.ipynb",
    ),
    "all invalid": (
        changed(lambda nb: [nb.cells[at].update(source="def (") for at in PART]),
        "has no exported cell that can be graded: cell 3 (head) is not valid Python (line 1:",
    ),
    "all empty": (changed(lambda nb: [nb.cells[at].update(source=" \n") for at in PART]), "exported cells are empty"),
    "nested without end": ('{"nbformat": 4, "cells": ' + "[" * 1_000_000, "lists within lists, more than 200 deep"),
    "too many lists": ('{"nbformat": 4, "cells": [' + "[]," * 2_000_001, "holds more than 2,000,000 lists and objects"),
    "UTF-16, cut off": (TEXT.encode("utf-16")[:-1], "hw0.ipynb is saved as UTF-16, and damaged"),
    "null byte": (TEXT.replace("homework", "home\0work").encode(), "contains a null byte"),
    "nothing": (b"", "hw0.ipynb is empty"),
    "blanks": (b" \n ", "hw0.ipynb is empty"),
    "a web page": (b"<!DOCTYPE html><title>Log in</title>", "hw0.ipynb holds HTML data"),
    "a large cell": (
        changed(lambda nb: nb.cells[UNION].update(source="#" * 2_000_000)),
        "its exported cells hold more than 1,000,000 bytes",
    ),
    "very many cells": (bare(cells=[{"cell_type": "code", "source": ""}] * 100_000), "has more than 10,000 cells"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, content: str | bytes | dict[str, Any], words: str) -> None:
    submission = read(tmp_path, content)
    assert submission.refusal is not None
    assert words in submission.refusal
    assert submission.refusal.endswith(".")
    assert len(submission.refusal) < 700
    assert submission.modules == {}


def test_duplicate_keys_are_told(tmp_path: Path) -> None:
    text = json.dumps(notebook()).replace('"cells": [', '"cells": [], "cells": [', 1)
    submission = read(tmp_path, text)
    assert submission.modules == {"multitask": MODULE}
    assert submission.notes == (
        "hw0.ipynb says the same thing twice in one place (cells): the last counts, as in Jupyter",
    )


def test_a_byte_order_mark_and_numbers_without_end_do_no_harm(tmp_path: Path) -> None:
    nb = notebook()
    nb.cells[UNION].outputs = ["DIGITS"]
    text = json.dumps(nb).replace('"DIGITS"', "9" * 10_000)
    submission = read(tmp_path, codecs.BOM_UTF8 + text.encode())
    assert submission.modules == {"multitask": MODULE}
    assert submission.notes == ("hw0.ipynb: the byte order mark at its beginning was removed",)


def test_outputs_do_not_count_until_they_are_enormous(tmp_path: Path) -> None:
    nb = notebook()
    nb.cells[CHECK].outputs = [new_output("display_data", {"image/png": "A" * 2_000_000})]
    assert read(tmp_path, nb).modules == {"multitask": MODULE}
    problem = str(read(tmp_path, nb, notebook_bytes=1_000_000).refusal)
    assert "hw0.ipynb is larger than 1,000,000 bytes. Clear the outputs (Kernel > Restart" in problem
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "hw0.ipynb", "hw0.ipynb")
    problem = str(read_submission(path, WANTED, IntakeLimits(notebook_bytes=1_000_000)).refusal)
    assert "larger than 1,000,000 bytes. Clear the outputs" in problem


@pytest.mark.parametrize(
    "content",
    [
        "[" * 40 + "]" * 40 + ",",
        '{"a":{"b":{}}},',
        '"ab",',
        "257,",
        '"\U0001f600",',
    ],
    ids=["lists", "objects", "texts", "numbers", "emoji"],
)
def test_forty_megabytes_of_rubbish_stay_within_a_lanes_memory(tmp_path: Path, content: str) -> None:
    limits = IntakeLimits()
    nodes = content.count("[") + content.count("{")
    times = min(40_000_000 // len(content.encode()), (limits.notebook_nodes - 1000) // nodes if nodes else 10**9)
    text = json.dumps(notebook())[:-1] + ', "rubbish": [' + content * times + "0]}"
    (tmp_path / "hw0.ipynb").write_text(text)
    program = f"""if True:
        import resource
        from pathlib import Path
        from grader.intake import Wanted, read_submission
        resource.setrlimit(resource.RLIMIT_DATA, ({2 << 30}, -1))
        submission = read_submission(Path({str(tmp_path / "hw0.ipynb")!r}), Wanted(("multitask.py",), "hw0.ipynb"))
        print(submission.refusal, len(submission.modules["multitask"]))
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == f"None {len(MODULE)}\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = " + "-" * 100_000 + "1",
        "x = a" + ".b" * 100_000,
        "x = " + "(" * 150,
        "x = [" + "1," * 100_000 + "]",
        "!a\n" * 60_000,
        "!a (\n" * 5_000,
        "\n" * 150_000 + "x = (",
        "x = '" + "?" * 100_000,
    ],
    ids=["minus", "dots", "brackets", "list", "commands", "untidy commands", "newlines", "quotes"],
)
def test_hostile_code_takes_nothing_from_the_other_cells(tmp_path: Path, code: str) -> None:
    nb = notebook()
    nb.cells[UNION].source = code
    submission = read(tmp_path, nb)
    assert submission.refusal is None
    assert submission.modules["multitask"].endswith(joined([WORK["total_loss"], WORK["Net"]]))
    assert all(len(note) < 1000 for note in submission.notes)


def test_names_in_messages_are_harmless(tmp_path: Path) -> None:
    nb = notebook()
    nb.cells[UNION].update(
        source="\u202ereturn \x1b[31m(",
        metadata={"tags": ["export"], "grader": {"module": "multitask", "part": "\x1b"}},
    )
    submission = read(tmp_path, nb, "al\u202eice.ipynb")
    told = "\n".join(submission.notes)
    assert "al\\u202eice.ipynb" in told
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert submission.modules == {"multitask": without("union")}


# ---- several modules -------------------------------------------------------------------------------------------------


def test_two_modules_from_one_notebook(tmp_path: Path) -> None:
    wanted = Wanted(("multitask.py", "meta.py"), "hw0.ipynb")
    nb = notebook()
    meta = {"tags": ["export"], "grader": {"module": "meta", "part": "adapt"}}
    nb.cells += [
        new_code_cell("def adapt(): ...", metadata=meta),
        new_code_cell("HELP = 1", metadata={"tags": ["export"]}),
        new_code_cell("x = 1", metadata={"tags": ["export"], "grader": {"module": "other", "part": "x"}}),
    ]
    read(tmp_path, nb)
    submission = read_submission(tmp_path / "hw0.ipynb", wanted)
    assert submission.modules == {"multitask": MODULE, "meta": "def adapt(): ...\n\n\nHELP = 1\n"}
    assert [place.cell for place in submission.places["meta"]] == [8, 9]
    (tmp_path / "multitask.py").write_text(MODULE)
    submission = read_submission(tmp_path, wanted)
    assert submission.view == "notebook"
    assert "multitask.py: not used, because not all modules were handed in; hw0.ipynb counts" in submission.notes


# ---- names and places ------------------------------------------------------------------------------------------------


def test_a_notebook_may_be_called_anything(tmp_path: Path) -> None:
    submission = read(tmp_path, notebook(), "doe_12_345_Homework (1).ipynb")
    assert submission.name == "doe_12_345_Homework (1)"
    assert submission.modules == {"multitask": MODULE}
    assert submission.notes == ("doe_12_345_Homework (1).ipynb was taken as hw0.ipynb",)
    for name in ("hw0.ipynb.json", "hw0.ipynb.txt"):
        assert read(tmp_path, notebook(), name).name == "hw0"


@pytest.mark.parametrize("name", ["multitask.py", "hw0.json", "hw0"])
def test_a_notebook_under_another_suffix_is_read_as_one(tmp_path: Path, name: str) -> None:
    submission = read(tmp_path, notebook(), name)
    assert submission.modules == {"multitask": MODULE}
    assert submission.notes == (f"{name} holds a notebook, and was read as one",)


def in_form(form: str, tmp_path: Path, files: dict[str, str]) -> Path:
    folder = tmp_path / "alice"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if form == "folder":
        return folder
    path = tmp_path / f"alice.{form}"
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        subprocess.run(["tar", "-czf", path, "-C", folder, "."], check=True)
    return path


FILLED, BLANK = json.dumps(notebook()), json.dumps(notebook(STUBS))
OTHER = json.dumps(notebook({**WORK, "union": "def union(a, b):\n    return b"}))
FOUND: dict[str, tuple[dict[str, str], str, str, str]] = {
    # which files: the files, the view that counts, a text in it, the words of the notes
    "notebook": ({"hw0.ipynb": FILLED}, "notebook", "return a | b", ""),
    "in a folder": ({"hw0/hw0.ipynb": FILLED}, "notebook", "return a | b", "hw0.ipynb was found in the folder hw0"),
    "shallowest": ({"a/hw0.ipynb": FILLED, "hw0.ipynb": OTHER}, "notebook", "return b", "not used: a/"),
    "named before others": ({"hw0.ipynb": FILLED, "draft.ipynb": OTHER}, "notebook", "return a | b", "draft.ipynb"),
    "the only one": ({"x/mine.ipynb": FILLED, "notes.md": ""}, "notebook", "return a | b", "mine.ipynb was taken as"),
    "checkpoints": (
        {"hw0.ipynb": FILLED, ".ipynb_checkpoints/hw0-checkpoint.ipynb": OTHER},
        "notebook",
        "return a | b",
        "",
    ),
    "data below": ({"hw0.ipynb": FILLED, **{f"data/{n}": "" for n in range(1500)}}, "notebook", "a | b", "data/"),
    "module as handed out": (
        {"hw0.ipynb": FILLED, "multitask.py": STUB},
        "notebook",
        "return a | b",
        "multitask.py is as it was handed out, so hw0.ipynb counts",
    ),
    "notebook as handed out": (
        {"hw0.ipynb": BLANK, "multitask.py": MODULE},
        "modules",
        "return a | b",
        "hw0.ipynb is as it was handed out, so multitask.py counts",
    ),
    "both as handed out": (
        {"hw0.ipynb": BLANK, "multitask.py": STUB + "\n\n"},
        "modules",
        "raise NotImplementedError",
        "multitask.py and hw0.ipynb are as they were handed out",
    ),
    "both written in": (
        {"hw0.ipynb": OTHER, "multitask.py": MODULE},
        "modules",
        "return a | b",
        "multitask.py and hw0.ipynb were both written in: multitask.py counts and hw0.ipynb does not",
    ),
    "both the same": ({"hw0.ipynb": FILLED, "multitask.py": MODULE}, "modules", "a | b", "hold the same"),
    "module, and a broken notebook": (
        {"hw0.ipynb": "{", "multitask.py": MODULE},
        "modules",
        "return a | b",
        "multitask.py counts, and hw0.ipynb does not, which cannot be read: hw0.ipynb is not a notebook",
    ),
    "module, and some other notebook": (
        {"plots.ipynb": FILLED, "multitask.py": MODULE},
        "modules",
        "return a | b",
        "other files and folders, not used: plots.ipynb",
    ),
    "untouched module, and a notebook of another name": (
        {"plots.ipynb": OTHER, "multitask.py": STUB},
        "notebook",
        "return b",
        "so plots.ipynb counts",
    ),
    "untouched module, and some other notebook": (
        {"plots.ipynb": json.dumps(bare(cells=[new_code_cell("1")])), "multitask.py": STUB},
        "modules",
        "raise NotImplementedError",
        "plots.ipynb does not, which cannot be read: plots.ipynb has no exported code cell",
    ),
    "a notebook called .py": ({"multitask.py": FILLED}, "notebook", "a | b", "multitask.py holds a notebook"),
    "misspelt module": ({"Multitask.py": MODULE, "hw0.ipynb": FILLED}, "notebook", "a | b", "not used: Multitask.py"),
}


@pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
@pytest.mark.parametrize(("files", "view", "text", "note"), FOUND.values(), ids=FOUND)
def test_what_counts_in_a_tree(
    tmp_path: Path, files: dict[str, str], view: str, text: str, note: str, form: str
) -> None:
    submission = read_submission(in_form(form, tmp_path, files), WANTED)
    assert submission.refusal is None
    assert submission.view == view
    assert text in submission.modules["multitask"]
    assert note in "\n".join(submission.notes)
    assert bool(note) == bool(submission.notes)
    assert bool(submission.places) == (view == "notebook")


UNCLEAR: dict[str, tuple[dict[str, str], str]] = {
    "several": ({"a.ipynb": FILLED, "b.ipynb": OTHER}, "which notebook counts: found a.ipynb, b.ipynb. Name the one"),
    "two of the name": (
        {"a/hw0.ipynb": FILLED, "b/hw0.ipynb": OTHER},
        "which file is hw0.ipynb: found a/hw0.ipynb, b/",
    ),
    "untouched, and a broken notebook": (
        {"hw0.ipynb": "{", "multitask.py": STUB},
        "hw0.ipynb is not a notebook, or damaged",
    ),
    "neither": ({"notes.txt": ""}, "found notes.txt, and nothing like it. Hand in multitask.py, or hw0.ipynb"),
    "nothing": ({"__pycache__/x": ""}, "holds no files, or only hidden ones. Hand in multitask.py, or hw0.ipynb"),
    "a folder of that name": ({"hw0.ipynb/x": ""}, "multitask.py is missing"),
}


@pytest.mark.parametrize(("files", "words"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_in_a_tree(tmp_path: Path, files: dict[str, str], words: str) -> None:
    submission = read_submission(in_form("zip", tmp_path, files), WANTED)
    assert words in str(submission.refusal)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    read(tmp_path, notebook(), "secret/hw0.ipynb")
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "hw0.ipynb").symlink_to(tmp_path / "secret" / "hw0.ipynb")
    assert "hw0.ipynb is a link, not a file" in str(read_submission(tmp_path / "alice", WANTED).refusal)


def test_without_a_handout_all_is_taken_and_the_modules_count(tmp_path: Path) -> None:
    wanted = Wanted(("multitask.py",), "hw0.ipynb")
    path = in_form("folder", tmp_path, {"hw0.ipynb": FILLED})
    assert read_submission(path, wanted).modules == {"multitask": MODULE}
    (path / "multitask.py").write_text(STUB)
    submission = read_submission(path, wanted)
    assert submission.modules == {"multitask": STUB}
    assert "were both written in: multitask.py counts" in submission.notes[0]


def test_a_class_of_notebooks(tmp_path: Path) -> None:
    for name in ("alice.ipynb", "bob.ipynb", "carol.ipynb.json"):
        (tmp_path / name).write_text(FILLED)
    (tmp_path / "grades.json").write_text("{}")
    assert [entry.alone for entry in list_class(tmp_path)] == [False, False, False]
    submissions = read_class(tmp_path, WANTED)
    assert [submission.name for submission in submissions] == ["alice", "bob", "carol"]
    assert len({submission.fingerprint for submission in submissions}) == 1
    assert {submission.refusal for submission in submissions} == {None}


def test_a_loose_notebook_beside_folders_is_told(tmp_path: Path) -> None:
    in_form("folder", tmp_path, {"hw0.ipynb": FILLED})
    read(tmp_path, notebook())
    alice, loose = read_class(tmp_path, WANTED)
    assert alice.notes == ()
    assert "hw0.ipynb lies directly in the folder of submissions" in loose.notes[0]


# ---- the notebook that is really handed out --------------------------------------------------------------------------


def test_what_is_wanted_is_read_from_the_handout() -> None:
    assignment = load_course(Path(__file__)).assignment("hw0")
    wanted = Wanted.of(assignment)
    assert wanted.asked == "multitask.py or hw0.ipynb"
    assert list(wanted.cells["multitask"])[:3] == ["head", "union", "joint_batches"]
    assert wanted.stubs == {"multitask": digest((assignment.folder / "multitask.py").read_text())}
    assert {"experiment", "baselines", "notebook"} <= wanted.beside
    assert wanted.experiment == {"experiment"}
    assert wanted.of_another("episodes.py", set()) == "hw1_blackbox"
    assert wanted.of_another("multitask.py", {"adapt", "episodes"}) == ""


def test_an_absent_or_damaged_handout_tells_nothing(house: House) -> None:
    for text in ("", "{", "[]", '{"metadata": {"grader": 3}, "cells": []}', '{"metadata": {"grader": {"cells": 7}}}'):
        house.assignment.notebook.write_text(text)
        assert Wanted.of(house.assignment) == Wanted(("tiny.py",), "hw7.ipynb")
    house.assignment.notebook.unlink()
    assert Wanted.of(house.assignment) == Wanted(("tiny.py",), "hw7.ipynb")


def test_the_reference_as_a_notebook_is_the_reference(tmp_path: Path) -> None:
    assignment = load_course(Path(__file__)).assignment("hw0")
    stubs = assignment.sources(assignment.folder)
    reference = {module: solved(text) for module, text in assignment.sources(assignment.solution).items()}
    for modules, notes in ((stubs, 1), (reference, 0)):
        nb = notebook_of(assignment, modules, stubs)
        path = tmp_path / "hw0.ipynb"
        path.write_text(written(nb))
        submission = read_submission(path, Wanted.of(assignment))
        assert submission.modules == exported(nb)
        assert len(submission.notes) == notes


# ---- judging ---------------------------------------------------------------------------------------------------------


def handed_in(house: House, tmp_path: Path, change: Callable[[NotebookNode], object]) -> Submission:
    """The tiny course's reference as a notebook, changed, and read."""
    assignment = house.assignment
    reference = {module: solved(text) for module, text in assignment.sources(assignment.solution).items()}
    nb = notebook_of(assignment, reference, assignment.sources(assignment.folder))
    change(nb)
    path = tmp_path / "hw7.ipynb"
    path.write_text(written(nb))
    return read_submission(path, Wanted.of(assignment))


def cell_of(nb: NotebookNode, part: str) -> int:
    return next(at for at, cell in enumerate(nb.cells) if cell.metadata.get("grader", {}).get("part") == part)


def test_a_notebook_is_graded_like_its_modules(house: House, tmp_path: Path) -> None:
    (result,) = house.judge(handed_in(house, tmp_path, lambda nb: None))
    assert result.points == result.max_points > 0


def test_a_fault_names_the_cell(house: House, tmp_path: Path) -> None:
    number = 0

    def change(nb: NotebookNode) -> None:
        nonlocal number
        at = cell_of(nb, "twice")
        nb.cells[at].source = "\n%time\n\ndef twice(x):\n    return unknown"
        number = at + 1

    submission = handed_in(house, tmp_path, change)
    checks = house.judge_one(submission)
    told = [check.summary for check in checks.values()]
    where = f"(cell {number} of hw7.ipynb, line 5, in twice: `return unknown`)"
    assert f"Your code raised NameError {where}: name 'unknown' is not defined." in told
    assert not [text for text in told if "tiny.py" in text]


def test_a_missing_name_names_the_notebook(house: House, tmp_path: Path) -> None:
    submission = handed_in(house, tmp_path, lambda nb: nb.cells.pop(cell_of(nb, "twice")))
    told = {check.summary for check in house.judge_one(submission).values() if check.verdict == "missing"}
    assert told == {"hw7.ipynb has no `twice`."}


def test_an_exception_at_the_top_of_a_cell_names_the_cell(house: House, tmp_path: Path) -> None:
    submission = handed_in(house, tmp_path, lambda nb: nb.cells[cell_of(nb, "mean")].update(source="x = 1\n\nnothing"))
    told = {check.summary for check in house.judge_one(submission).values()}
    number = submission.places["tiny"][-1].cell
    where = f"(cell {number} of hw7.ipynb, line 3, at the top level: `nothing`)"
    assert told == {f"Importing hw7.ipynb fails {where}: name 'nothing' is not defined."}


# ---- anything at all -------------------------------------------------------------------------------------------------


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_cells_in_any_order_any_number_of_times(tmp_path: Path, data: st.DataObject) -> None:
    cells = notebook().cells
    for at, cell in enumerate(cells):
        if at not in PART:
            cell.update(cell_type="code", source=f"never_{at} = 1\nimport os; os.abort()")
    order = data.draw(st.lists(st.integers(0, len(cells) - 1), max_size=12))
    nb = notebook()
    nb.cells = [copy.deepcopy(cells[at]) for at in order]
    for number, (at, cell) in enumerate(zip(order, nb.cells, strict=True)):
        cell.id = f"{cell.id}" if data.draw(st.booleans()) else f"c{number}"
        if at in PART:
            change = data.draw(st.sampled_from(["", "", "stub", "other", "invalid", "markdown", "bare"]))
            cell.update(
                {
                    "stub": {"source": STUBS[PART[at]]},
                    "other": {"source": f"other_{number} = 1"},
                    "invalid": {"source": "def ("},
                    "markdown": {"cell_type": "markdown"},
                    "bare": {"metadata": {}},
                }.get(change, {})
            )
    submission = read(tmp_path, nb)
    if submission.refusal is not None:
        assert submission.modules == {}
        assert len(submission.refusal) > 20
        return
    text = submission.modules["multitask"]
    compile(text, "multitask.py", "exec")
    assert "never_" not in text
    assert "os.abort" not in text
    sources = [cell.source for cell in nb.cells if cell.cell_type == "code"]
    taken = [sources.index(piece) for piece in text.rstrip("\n").split("\n\n\n")]
    assert taken
    numbers = [place.cell for place in submission.places["multitask"]]
    assert numbers == sorted(set(numbers))


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["cells", "cell_type", "source", "metadata", "tags", "nbformat", "grader", "worksheets", "id"]
                ),
                inner | st.sampled_from(["code", "export", 4, 3, ["export"]]),
                max_size=6,
            )
        ),
        max_leaves=25,
    )
)
def test_any_json_at_all(tmp_path: Path, value: Any) -> None:
    submission = read(tmp_path, json.dumps(value))
    assert (submission.refusal is None) == ("multitask" in submission.modules)


def test_every_truncation(tmp_path: Path) -> None:
    whole = json.dumps(notebook()).encode()
    for end in itertools.chain(range(0, len(whole), 41), [len(whole) - 1]):
        assert read(tmp_path, whole[:end]).refusal is not None
    assert read(tmp_path, whole).refusal is None
