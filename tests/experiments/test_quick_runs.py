"""A quick run has a folder of its own, and says in each table and figure that it is quick."""

import argparse
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[2] / "assignments" / "experiments" / "quick_runs.py"


@pytest.fixture
def quick_runs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quick_runs", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folder(quick_runs: ModuleType, *words: str) -> Path:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    parser.add_argument("--quick", action="store_true")
    return quick_runs.with_folder(parser.parse_args(words), Path("results", "hw9"), parser).out


def test_a_quick_run_writes_where_no_real_one_does(quick_runs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder(quick_runs) == Path("results/hw9")
    assert folder(quick_runs, "--quick") == Path("results/hw9/quick")
    assert folder(quick_runs, "--out", "mine") == Path("mine")
    assert folder(quick_runs, "--out", "mine", "--quick") == Path("mine/quick")
    with pytest.raises(SystemExit):
        folder(quick_runs, "--out", "mine/quick")
    assert "mine/quick is the place of quick runs" in capsys.readouterr().err


def test_each_table_has_the_warning_above_it(quick_runs: ModuleType) -> None:
    text = "### One\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nText | no table\n\n| c |\n| --- |\n| 3 |\n"
    assert quick_runs.labelled(text, False) == text
    says = f"**{quick_runs.SAYS}.**"
    assert quick_runs.labelled(text, True).split(f"{says}\n\n") == [
        "### One\n\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nText | no table\n\n",
        "| c |\n| --- |\n| 3 |\n",
    ]


@pytest.mark.parametrize("size", [(4, 3), (12.8, 5.6), (5, 9)])
def test_a_figure_has_it_across_and_within_its_borders(quick_runs: ModuleType, size: tuple[float, float]) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    figure.add_subplot().plot([0, 1], label="line")
    figure.legend(loc="outside upper center")
    quick_runs.label(figure, False)
    assert figure.texts == []
    quick_runs.label(figure, True)
    (text,) = figure.texts
    assert text.get_text() == quick_runs.SAYS
    figure.canvas.draw()
    box, (width, height) = text.get_window_extent(), figure.canvas.get_width_height()
    assert 0 <= box.x0 < 0.25 * width < 0.75 * width < box.x1 <= width
    assert 0 <= box.y0 < box.y1 <= height
