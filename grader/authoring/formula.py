"""Formulas: LaTeX as MathML Core, which browsers show without a script."""

from __future__ import annotations

import re

from math_core import LatexError, LatexToMathML

_CONVERTER = LatexToMathML(fancy_error=False)
_AT = re.compile(r"(\d+): (.*)", re.DOTALL)  # how the converter begins a message: with the place, counted in characters


class FormulaError(Exception):
    """A formula that cannot be read. `line` counts from 0, within the formula."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def mathml(latex: str, *, display: bool) -> str:
    """A formula as a `<math>` element, in a line of its own (`display`) or within one. Raises `FormulaError`.

    A command that is not known is an error, not shown as it is written.
    """
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        found = _AT.fullmatch(str(error))
        at, why = (int(found[1]), found[2]) if found else (0, str(error))
        raise FormulaError(latex.count("\n", 0, at), why) from None
