"""What people really hand in, one class of many forms, graded by the command in one run.

Each entry is called after its form. A right solution never ends as a silent zero: it has its points, or a sentence in
what is printed and in class.csv that names the cause; and no advice sends anybody the wrong way.
"""

import csv
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from grader.authoring.markers import solved
from grader.authoring.notebook import notebook_of
from grader.cli import main
from grader.course.assignment import Assignment, load_course
from grader.judge.result import Result
from grader.report.files import read_result

TINY = Path(__file__).parents[1] / "courses" / "tiny"
Cells = list[nbformat.NotebookNode]
FULL = "5.5"
NEWER = sys.version_info >= (3, 12)


def zipped(**files: str | bytes) -> bytes:
    """An archive; `__` in a name is its dot, and a leading `_` is left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def backslashed(text: str) -> bytes:
    """As PowerShell 5 writes it: `writestr` would mend the name."""
    return zipped(hw7Xtiny__py=text).replace(b"hw7Xtiny.py", b"hw7\\tiny.py")


class Forms:
    """The right solution in the forms in which it comes."""

    def __init__(self, assignment: Assignment) -> None:
        stubs = assignment.sources(assignment.folder)
        self.right = solved(assignment.sources(assignment.solution)["tiny"])
        self.stub = stubs["tiny"]
        self.filled = notebook_of(assignment, {"tiny": self.right}, stubs)
        self.blank = nbformat.read(str(assignment.notebook), as_version=4)

    def notebook(self, change: Callable[[Cells], Cells] = lambda cells: cells, *, blank: bool = False) -> str:
        notebook = nbformat.from_dict(json.loads(json.dumps(self.blank if blank else self.filled)))
        notebook.cells = change(notebook.cells)
        return str(nbformat.writes(notebook))

    def script(self) -> str:
        """As nbconvert exports the solved notebook."""
        cells = [cell.source for cell in self.filled.cells if cell.cell_type == "code"]
        return (
            "# coding: utf-8\n\n" + "\n\n\n".join(f"# In[{n}]:\n\n\n{text}" for n, text in enumerate(cells, 1)) + "\n"
        )

    def mean_in_a_new_cell(self, cells: Cells) -> Cells:
        """Both solutions below their untouched cells."""
        solutions = {cell.id: cell.source for cell in self.filled.cells}
        found: Cells = []
        for cell in cells:
            found.append(cell)
            if cell.id in ("tiny-twice", "tiny-mean"):
                found.append(nbformat.v4.new_code_cell(solutions[cell.id]))
        return found


def unmarked(cells: Cells) -> Cells:
    return [nbformat.from_dict({**cell, "metadata": {"tags": []}, "id": f"x{n}"}) for n, cell in enumerate(cells)]


def of_colab(cells: Cells) -> Cells:
    return [nbformat.from_dict({**cell, "metadata": {"id": cell.id}, "id": f"x{n}"}) for n, cell in enumerate(cells)]


@dataclass(frozen=True)
class Came:
    points: str
    verdict: str
    row: str  # the remark in class.csv
    printed: bool  # whether that remark stands below the printed table, or in it, too
    result: Result

    @property
    def told(self) -> str:
        """All that the student reads."""
        checks = " ".join(f"{check.summary} {check.hint}" for check in self.result.checks)
        return f"{self.result.problem} {checks} {' '.join(self.result.notes)}"

    @property
    def faults(self) -> set[str]:
        """What is said of whole files."""
        return {check.summary for check in self.result.checks if check.file}


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Came]:
    """What came of each entry of the class."""
    place = tmp_path_factory.mktemp("field") / "house"
    shutil.copytree(TINY, place, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    forms = Forms(load_course(place).assignment("hw7"))
    folder, out = place / "class", place / "out"
    for name, content in entries(forms).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    words = ["grade", "hw7", "--submissions", folder, "--out", out, "--allow-weak", "--lanes", 2]
    done = CliRunner().invoke(main, ["--course", str(place), *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with (out / "class.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}

    printed = " ".join(done.stdout.split())

    def came(name: str) -> Came:
        row = rows[name]
        shown = " ".join(row["remark"].split()) in printed
        return Came(row["points"], row["verdict"], row["remark"], shown, read_result(out / f"{name}.json"))

    return came


def entries(forms: Forms) -> dict[str, str | bytes]:
    """The class folder: file -> content."""
    right, stub = forms.right, forms.stub
    top = f"import torch\n{right}"
    return {
        "packed in a folder/hw7_tiny-handin.zip": zipped(tiny__py=right),
        "untouched module beside.zip": zipped(tiny__py=stub, **{"my tiny__py": right}),
        "untouched notebook beside/hw7.ipynb": forms.notebook(blank=True),
        "untouched notebook beside/hw7 (1).ipynb": forms.notebook(),
        "exported script/tiny.py": forms.script(),
        "exported script of another name/hw7.py": forms.script(),
        "colab shell line/tiny.py": f"!pip install -q einops\n{right}",
        "colab get_ipython/tiny.py": f"get_ipython().run_line_magic('matplotlib', 'inline')\n{right}",
        "colab drive/tiny.py": f"from google.colab import drive\ndrive.mount('/content/drive')\n{right}",
        "backslashes.zip": backslashed(right),
        "browsers copy/tiny (1).py": right,
        "any name in a folder/my_solution.py": right,
        "any name in a zip.zip": zipped(my_solution__py=right),
        "newer python/tiny.py": f"{top}\ntype Pair = tuple[int, int]\n",
        "absent package/tiny.py": f"import no_such_package\n{right}",
        "own helper/tiny.py": f"import my_helper\n{right}",
        "own helper/my_helper.py": "x = 1\n",
        "lost marks.ipynb": forms.notebook(unmarked),
        "colabs ids.ipynb": forms.notebook(of_colab),
        "new cells.ipynb": forms.notebook(forms.mean_in_a_new_cell, blank=True),
        "writefile.ipynb": forms.notebook(
            lambda cells: [*cells, nbformat.v4.new_code_cell(f"%%writefile tiny.py\n{right}")], blank=True
        ),
        "pdf/tiny.py": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        "page in a zip.zip": zipped(tiny__py="<!DOCTYPE html>\n<html><body>x</body></html>\n"),
        "renamed zip/tiny.py": zipped(a__py="x = 1\n"),
        "rich text/tiny.py": b"{\\rtf1\\ansi\\deff0 x}",
        "debugger/tiny.py": right.replace("    return 2 * x", "    breakpoint()\n    return 2 * x"),
        "merge conflict/tiny.py": f"{right}\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n",
        "training at import/tiny.py": f"{right}\nimport random\nwhile random:\n    pass\n",
    }


TAKEN = [
    "packed in a folder",
    "untouched module beside",
    "untouched notebook beside",
    "exported script",
    "exported script of another name",
    "colab shell line",
    "colab get_ipython",
    "colab drive",
    "backslashes",
    "browsers copy",
    "any name in a folder",
    "any name in a zip",
    "lost marks",
    "colabs ids",
    "new cells",
    "writefile",
]


@pytest.mark.parametrize("name", TAKEN)
def test_a_right_solution_in_another_form_has_its_points(came: Callable[[str], Came], name: str) -> None:
    assert (came(name).points, came(name).verdict) == (FULL, "passed"), came(name).told


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("untouched module beside", "my tiny.py"),
        ("untouched notebook beside", "hw7 (1).ipynb"),
        ("lost marks", "taken were cells by what they define"),
        ("new cells", "cell"),
        ("writefile", "%%writefile"),
    ],
)
def test_what_a_ta_should_look_at_is_in_the_classes_file(came: Callable[[str], Came], name: str, remark: str) -> None:
    assert remark in came(name).row
    assert came(name).printed


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("exported script", "taken out"),
        ("colab shell line", "taken out"),
        ("colab get_ipython", "taken out"),
        ("colab drive", "taken out"),
        ("browsers copy", "tiny (1).py was taken as tiny.py"),
        ("any name in a zip", "my_solution.py was taken as tiny.py"),
    ],
)
def test_a_student_reads_what_was_made_of_it(came: Callable[[str], Came], name: str, note: str) -> None:
    assert note in " ".join(came(name).result.notes)


@pytest.mark.parametrize(
    ("name", "says", "advice"),
    [
        ("absent package", "there is no module `no_such_package` here", "this homework needs only"),
        ("own helper", "there is no module `my_helper` here", "copy what you need into your module"),
        ("training at import", "takes too long", 'if __name__ == "__main__"'),
        ("merge conflict", "a merge conflict is not resolved", ""),
        pytest.param("newer python", "Python cannot read line", "it may need a newer one",
                     marks=pytest.mark.skipif(NEWER, reason="this Python reads it")),
    ],
)  # fmt: skip
def test_a_fault_of_a_file_is_told_once_and_with_what_helps(
    came: Callable[[str], Came], name: str, says: str, advice: str
) -> None:
    assert came(name).points == "0"
    (fault,) = came(name).faults or {came(name).result.problem}
    assert says in fault
    assert fault in came(name).row
    assert advice in came(name).told
    # Where it needs what only the student has, it would succeed there.
    assert "run the file once" not in came(name).told or name == "merge conflict"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("pdf", "PDF"), ("page in a zip", "HTML"), ("renamed zip", "zip"), ("rich text", "RTF")],
)
def test_another_content_is_called_what_it_is(came: Callable[[str], Came], name: str, kind: str) -> None:
    assert came(name).verdict == "invalid"
    assert f"tiny.py holds {kind} data, not Python" in came(name).row
    assert came(name).row.startswith(str(came(name).result.problem))


def test_a_debugger_that_was_left_in_is_named_at_its_own_line(came: Callable[[str], Came]) -> None:
    assert came("debugger").points != FULL
    assert "`breakpoint()`" in came("debugger").told
    assert "BdbQuit" not in came("debugger").told
