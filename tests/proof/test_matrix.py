"""The kill matrix: idle checks, mutants that one check alone catches, and how both are marked."""

from fractions import Fraction

from rich.console import Console

from grader.judge.problem import Check
from grader.proof.matrix import KillMatrix
from grader.proof.rates import Rate
from grader.report.proofs import checks_table, matrix_tables

MATRIX = KillMatrix(
    ("test_sum", "test_mean", "test_idle"),
    {"off_by_one": ("test_sum", "test_mean"), "negated": ("test_sum",), "elsewhere": ("test_mean",)},
    {"off_by_one": "1", "negated": "1", "elsewhere": "1"},
)
CHECKS = {
    "test_public": Check("1", Fraction(0), (), "public", False, 1.0),
    "test_sum": Check("1", Fraction(1), (), "hidden", False, 1.0),
    "test_mean": Check("2", Fraction(1), (), "hidden", False, 1.0),
    "test_idle": Check("2", Fraction(1), (), "hidden", False, 1.0),
}


def printed(*parts: object) -> list[str]:
    console = Console(width=160, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(*parts)
    return [line.rstrip() for line in console.export_text().splitlines() if line.strip()]


def test_who_catches_what() -> None:
    assert MATRIX.idle == ("test_idle",)
    assert MATRIX.single == {"negated": "test_sum", "elsewhere": "test_mean"}
    assert MATRIX.killed_by("test_sum") == ("off_by_one", "negated")
    assert MATRIX.only_killer_of("test_sum") == ("negated",)
    assert MATRIX.only_killer_of("test_idle") == ()


def test_a_mutant_that_one_check_alone_catches_is_marked_and_so_is_who_catches_it_elsewhere() -> None:
    lines = printed(matrix_tables(MATRIX, CHECKS))
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    assert rows["problem"] == ["1:", "mutant", "1", "elsewhere"]
    assert rows["off_by_one"] == ["x", "2"]
    assert rows["negated"] == ["X"]
    assert rows["elsewhere"] == ["·", "2"]


def test_idle_flaky_and_slow_checks_are_marked() -> None:
    rates = [
        Rate("test_public", 20, (), 0.1, 0.2, 1.0),
        Rate("test_sum", 20, ("reference@3",), 0.1, 0.2, 1.0),
        Rate("test_mean", 20, (), 1.5, 2.0, 1.0),
        Rate("test_idle", 20, (), 0.1, 0.2, 1.0),
    ]
    rows = {
        line.split()[1]: line.split() for line in printed(checks_table(CHECKS, MATRIX, rates, [])) if "test_" in line
    }
    assert rows["test_sum"] == ["1", "test_sum", "1", "2", "1", "0", "1/20", "21.6%", "0.100", "0.200", "1", "flaky"]
    assert rows["test_mean"][-2:] == ["1", "slow"]
    assert rows["test_idle"][3] == "0"
    assert rows["test_idle"][-1] == "idle"
    assert rows["test_public"][0] == "4"  # columns of the matrix come first
