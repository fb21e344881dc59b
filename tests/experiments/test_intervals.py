"""Means and intervals over seeds, and modules that are loaded from where --solution says."""

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "assignments" / "experiments"


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in ("intervals", "running", "wanted"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_a_mean_with_its_interval() -> None:
    from intervals import interval, standard_error, unique

    assert str(interval([1.0, 2.0, 3.0])) == "2.000 ± 2.483"  # 4.30 * 1 / sqrt(3)
    assert str(interval([0.5, 0.7])) == "0.600 ± 1.271"  # 12.71 * 0.1414 / sqrt(2)
    assert str(interval([float(i % 2) for i in range(100)])) == "0.500 ± 0.112"  # 2.23 * 0.5025 / 10
    assert str(interval([1.5])) == "1.500"  # one value says nothing of spread
    assert standard_error([0.0, 2.0]) == pytest.approx(1.0)
    assert unique([3, 1, 3, 2, 1]) == [3, 1, 2]


def test_modules_come_from_the_folder_that_is_named(tmp_path: Path) -> None:
    from running import load_modules

    (tmp_path / "wanted.py").write_text("here = __file__\n")
    modules = load_modules(tmp_path, ["wanted"])
    assert modules["wanted"].here == str(tmp_path / "wanted.py")
    assert sys.modules["wanted"] is modules["wanted"]
    with pytest.raises(FileNotFoundError, match=r"other\.py does not exist; --solution takes the folder of other\.py"):
        load_modules(tmp_path, ["other"])
