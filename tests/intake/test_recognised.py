"""Cells that lost their marks, or were written beside their own: what is taken by what it defines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.parts import joined
from grader.course.digest import digest
from grader.intake import Submission, Wanted, read_submission

STUBS = {
    "head": '"""A homework."""\n\nimport math',
    "union": "def union(a, b):\n    raise NotImplementedError",
    "total_loss": "def total_loss(losses):\n    raise NotImplementedError",
    "Net": "class Net:\n    x = NotImplemented",
}
WORK = {
    "head": STUBS["head"],
    "union": "def union(a, b):\n    return a | b",
    "total_loss": "def total_loss(losses):\n    return math.fsum(losses)",
    "Net": "class Net:\n    x = 1",
}
MODULE = joined(list(WORK.values()))
WANTED = Wanted(
    ("multitask.py",),
    "hw0.ipynb",
    {"multitask": {part: digest(text) for part, text in STUBS.items()}},
    {"multitask": digest(joined(list(STUBS.values())))},
)
Cells = list[dict[str, Any]]


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def marked(part: str, source: str) -> dict[str, Any]:
    return code(source, tags=["export"], grader={"module": "multitask", "part": part})


def handed_out(parts: dict[str, str]) -> Cells:
    return [code("from grader import check"), *(marked(part, text) for part, text in parts.items()), code('check("1")')]


def bare(parts: dict[str, str]) -> Cells:
    return [{**cell, "metadata": {}} for cell in handed_out(parts)]


def read(folder: Path, cells: Cells, wanted: Wanted = WANTED) -> Submission:
    path = folder / "hw0.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return read_submission(path, wanted)


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip() and line.strip() != "pass"]


LOST: dict[str, Callable[[], Cells]] = {
    "no marks": lambda: bare(WORK),
    "Deepnote": lambda: [{**cell, "metadata": {"tags": [], "cell_id": str(n)}} for n, cell in enumerate(bare(WORK))],
    "Kaggle": lambda: [{**cell, "metadata": {"trusted": True, "execution": {}}} for cell in bare(WORK)],
    "cells of one's own between": lambda: [
        cell for one in bare(WORK) for cell in (one, code("print(union({1}, {2}))\nimport os\nos.abort()"))
    ],
    "another setup": lambda: [code("!pip install x\nimport math"), *bare(WORK)[2:]],
    "an untouched copy below": lambda: [*bare(WORK), *bare(STUBS)[2:4]],
    "the same twice": lambda: [*bare(WORK)[:3], bare(WORK)[2], *bare(WORK)[3:]],
    "timed cells": lambda: [code(f"%%time\n{cell['source']}") if n > 1 else cell for n, cell in enumerate(bare(WORK))],
}


@pytest.mark.parametrize("cells", LOST.values(), ids=LOST)
def test_without_marks_cells_are_known_by_what_they_define(tmp_path: Path, cells: Callable[[], Cells]) -> None:
    submission = read(tmp_path, cells())
    assert submission.refusal is None
    text = submission.modules["multitask"]
    scope: dict[str, Any] = {}
    exec(text, scope)
    assert (scope["union"]({1}, {2}), scope["total_loss"]([1.0]), scope["Net"].x) == ({1, 2}, 1.0, 1)
    assert "os.abort" not in text
    assert any("the marks of the cells are lost" in remark for remark in submission.remarks)
    assert not [note for note in submission.notes if "that are gone" in note]


def test_colabs_id_in_the_metadata_counts_like_an_id(tmp_path: Path) -> None:
    cells = [
        {**cell, "metadata": {"id": f"multitask-{part}"}} for part, cell in zip(WORK, bare(WORK)[1:], strict=False)
    ]
    submission = read(tmp_path, cells)
    assert submission.modules == {"multitask": MODULE}
    assert submission.remarks == ()


def test_helpers_are_taken_with_what_uses_them(tmp_path: Path) -> None:
    cells = bare({**WORK, "union": "def union(a, b):\n    return both(a, b)"})
    cells[1:1] = [code("LIMIT = 3\n\ndef deeper(a):\n    return a"), code("def both(a, b):\n    return deeper(a) | b")]
    cells.append(code("never = union({1}, {2})"))
    submission = read(tmp_path, cells)
    scope: dict[str, Any] = {}
    exec(submission.modules["multitask"], scope)
    assert scope["union"]({1}, {2}) == {1, 2}
    assert "never" not in scope
    assert "taken too, because these cells use them: cell 3" in "\n".join(submission.remarks)


BELOW = {
    "one": ["union"],
    "two": ["union", "Net"],
    "all": ["union", "total_loss", "Net"],
}


@pytest.mark.parametrize("parts", BELOW.values(), ids=BELOW)
def test_a_solution_below_an_untouched_cell_counts(tmp_path: Path, parts: list[str]) -> None:
    cells = handed_out({part: STUBS[part] if part in parts else text for part, text in WORK.items()})
    for part in parts:
        at = next(n for n, cell in enumerate(cells) if cell["metadata"].get("grader", {}).get("part") == part)
        cells.insert(at + 1, code(f"# my solution\n{WORK[part]}"))
    submission = read(tmp_path, cells)
    assert lines(submission.modules["multitask"]) == lines(
        joined([f"# my solution\n{text}" if part in parts else text for part, text in WORK.items()])
    )
    (remark,) = submission.remarks
    assert "taken for the cells that were handed out, which are untouched or gone: cell" in remark
    assert all(f"({part})" in remark for part in parts)


def test_a_deleted_cell_that_was_written_anew_counts(tmp_path: Path) -> None:
    cells = [cell for cell in handed_out(WORK) if "def union" not in cell["source"]]
    submission = read(tmp_path, [code(WORK["union"]), *cells])
    assert sorted(lines(submission.modules["multitask"])) == sorted(lines(MODULE))
    assert not [note for note in submission.notes if "that are gone" in note]


def test_two_solutions_of_a_part_are_for_the_assistant(tmp_path: Path) -> None:
    cells = handed_out({**WORK, "union": STUBS["union"]})
    cells += [code(WORK["union"]), code("def union(a, b):\n    return a")]
    submission = read(tmp_path, cells)
    assert "raise NotImplementedError" in submission.modules["multitask"]
    told = "\n".join(submission.remarks)
    assert "it is not clear which cell is union, so none was taken: cell 7" in told
    assert "cell 8" in told


def test_a_second_version_beside_the_written_cell_is_for_the_assistant(tmp_path: Path) -> None:
    submission = read(tmp_path, [*handed_out(WORK), code("def union(a, b):\n    return a")])
    assert submission.modules == {"multitask": MODULE}
    (remark,) = submission.remarks
    assert "cell 7 (`def union(a, b):`) defines union too, and was not taken" in remark
    assert read(tmp_path, [*handed_out(WORK), code(WORK["union"])]).remarks == ()


WRITTEN = {
    "beside untouched cells": lambda body: [*handed_out(STUBS), code(f"%%writefile multitask.py\n{body}")],
    "alone": lambda body: [code(f"%%writefile multitask.py\n{body}")],
    "in a folder": lambda body: [code(f"%%writefile /content/hw0/multitask.py\n{body}")],
    "quoted": lambda body: [code(f'%%writefile "multitask.py"\n{body}')],
    "older": lambda body: [code(f"\n%%file multitask.py\n{body}")],
    "with the tag": lambda body: [code(f"%%writefile multitask.py\n{body}", tags=["export"])],
    "in two pieces": lambda body: [
        code(f"%%writefile multitask.py\n{WORK['head']}\n{WORK['union']}"),
        code(f"%%writefile -a multitask.py\n{WORK['total_loss']}\n{WORK['Net']}"),
    ],
    "beside another file": lambda body: [code("%%writefile a.py\nx = 1"), code(f"%%writefile multitask.py\n{body}")],
    "and the untouched module": lambda body: [
        code("%%writefile multitask.py\n" + joined(list(STUBS.values()))),
        code(f"%%writefile multitask.py\n{body}"),
    ],
}


@pytest.mark.parametrize("cells", WRITTEN.values(), ids=WRITTEN)
def test_a_cell_that_writes_the_module_is_the_module(tmp_path: Path, cells: Callable[[str], Cells]) -> None:
    submission = read(tmp_path, cells(MODULE))
    assert submission.refusal is None
    assert lines(submission.modules["multitask"]) == lines(MODULE)
    assert "was taken as multitask.py, because it writes that file" in submission.remarks[0]
    assert not [note for note in submission.notes if "gone" in note or "no cell of their own" in note]
    place = submission.places["multitask"][0]
    assert place.first - place.offset > 1  # the cell's first line is the magic


def test_lines_of_a_module_that_a_cell_writes_are_the_cells(tmp_path: Path) -> None:
    submission = read(tmp_path, [code(f"%%writefile multitask.py\n{MODULE}")])
    (place,) = submission.places["multitask"]
    at = submission.modules["multitask"].split("\n").index("def union(a, b):") + 1
    assert f"%%writefile multitask.py\n{MODULE}".split("\n")[at - place.offset - 1] == "def union(a, b):"


def test_two_cells_that_write_the_module_are_refused(tmp_path: Path) -> None:
    cells = [code(f"%%writefile multitask.py\n{text}") for text in (MODULE, f"{MODULE}\nx = 1")]
    problem = str(read(tmp_path, cells).refusal)
    assert "hw0.ipynb: it is not clear which cell is multitask.py: cell 1" in problem
    assert "cell 2" in problem


def test_written_cells_count_before_one_that_writes_the_module(tmp_path: Path) -> None:
    submission = read(tmp_path, [*handed_out(WORK), code("%%writefile multitask.py\nx = 1")])
    assert submission.modules == {"multitask": MODULE}
    assert "writes multitask.py and was not taken" in submission.remarks[0]


def test_advice_on_a_cell_for_another_program_works_when_it_is_followed(tmp_path: Path) -> None:
    cells = [*handed_out({**WORK, "union": STUBS["union"]}), code(f"%%writefile mine.py\n{WORK['union']}")]
    told = "\n".join(read(tmp_path, cells).remarks)
    assert "cell 7" in told
    assert "remove the first line (%%writefile), then move the code into the cell of that part, or add the tag" in told
    cells[-1] = code(WORK["union"], tags=["export"])
    scope: dict[str, Any] = {}
    exec(read(tmp_path, cells).modules["multitask"], scope)
    assert scope["union"]({1}, {2}) == {1, 2}


TWO = Wanted(("meta.py", "multitask.py"), "hw0.ipynb", {"meta": {"adapt": ""}, "multitask": {"union": "", "head": ""}})


def test_cells_of_two_modules_go_to_their_own(tmp_path: Path) -> None:
    cells = [
        code("import math"),
        code("def adapt(x):\n    return math.pi"),
        code("def union(a, b):\n    return math.e"),
    ]
    submission = read(tmp_path, cells, TWO)
    assert submission.modules == {
        "meta": "import math\n\n\ndef adapt(x):\n    return math.pi\n",
        "multitask": "import math\n\n\ndef union(a, b):\n    return math.e\n",
    }


def test_the_notebook_of_another_homework_is_not_taken_for_a_function_of_the_same_name(tmp_path: Path) -> None:
    cells = [code("def f(): ...", tags=["export"], grader={"module": "other", "part": "f"}), code(WORK["union"])]
    assert "is the notebook of another homework" in str(read(tmp_path, cells).refusal)


def test_imports_in_a_cell_without_the_tag_are_taken(tmp_path: Path) -> None:
    """Nobody means them to be missing; a helper there is told of, because it may be a trial."""
    head = {**WORK, "head": '"""A homework."""'}
    cells = [code("# what I need\nimport math\nfrom os import path"), *handed_out(head)]
    submission = read(tmp_path, cells)
    assert submission.refusal is None
    assert "import math" in submission.modules["multitask"]
    assert any("taken too, because these cells use them: cell 1" in remark for remark in submission.remarks)
    trial = [code("import math\nprint(math.pi)"), *handed_out(head)]
    assert "import math" not in read(tmp_path, trial).modules["multitask"]
    unused = [code("import numpy"), *handed_out(WORK)]
    assert "numpy" not in read(tmp_path, unused).modules["multitask"]
