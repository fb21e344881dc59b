"""The shared folder `expressions`, found by its modules' plain names while a file of tests runs."""

import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assignments" / "expressions"
SYMBOLS = {
    **{"s1": "s_1", "s2": "s_2", "sigma": r"\sigma", "tau": r"\tau", "tauK": r"\tau_K", "phi": r"\phi"},
    **{"phihat": r"\hat{\phi}", "epsilon": r"\epsilon", "lambda": r"\lambda", "mustar": r"\mu^{*}"},
    **{name: name for name in "S a b g w m v x L N T".split()},  # noqa: SIM905
}


@pytest.fixture(autouse=True, scope="module")
def found() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(FOLDER)):
            del sys.modules[name]


@pytest.fixture(scope="module")
def declared_answers(found: None) -> dict[str, Any]:
    """The answers of HW4."""
    from declared import declared

    return declared((ROOT / "assignments" / "hw4_bayes" / "declared.toml").read_text())


@pytest.fixture(scope="module")
def answer_with(found: None) -> Callable[..., Any]:
    """An answer with the symbols that are named, each with its LaTeX."""
    from declared import Answer, Symbol

    def make(**symbols: str) -> Any:
        declared = tuple(Symbol(name, latex, "positive", "for tests", "") for name, latex in symbols.items())
        return Answer("test", "1", "nothing", declared, None)

    return make


@pytest.fixture(scope="module")
def answer(answer_with: Callable[..., Any]) -> Any:
    """An answer with many symbols."""
    return answer_with(**SYMBOLS)


@pytest.fixture(scope="module")
def understood(answer: Any) -> Callable[[str], str]:
    """How a text is shown in plain spelling."""
    from reading import read
    from showing import plain

    return lambda text: plain(read(text, answer).tree, answer)


@pytest.fixture(scope="module")
def refused(answer: Any) -> Callable[[str], str]:
    """Why a text is not read."""
    from reading import Unreadable, read

    def why(text: str, by: Any = answer) -> str:
        with pytest.raises(Unreadable) as caught:
            read(text, by)
        return str(caught.value)

    return why


@pytest.fixture(scope="module")
def point_of() -> Callable[[Any], dict[str, Fraction]]:
    """A point inside the domains of an answer's symbols, without those that are short for others."""

    def point(answer: Any) -> dict[str, Fraction]:
        values = {}
        for number, symbol in enumerate(answer.symbols):
            inside = {"count": Fraction(number + 2), "unit": Fraction(number + 1, 11), "real": Fraction(-number - 1, 3)}
            if not symbol.short_for:
                values[symbol.name] = inside.get(symbol.domain, Fraction(2 * number + 3, 4))
        return values

    return point
