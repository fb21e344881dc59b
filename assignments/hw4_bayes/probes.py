"""What is asked of your answers: how each is understood, and which values it has.

`declared` is the text of declared.toml, which says what each answer may hold.
"""

from fractions import Fraction

import answers
import expressions
import torch


def complaint(answer, declared):
    """Why one of your answers cannot be read; "" if it can."""
    try:
        expressions.read(_text(answer), expressions.declared(declared)[answer])
    except expressions.Unreadable as error:
        return str(error)
    return ""


def reading(answer, declared):
    """How one of your answers is understood."""
    declaration = expressions.declared(declared)[answer]
    read = expressions.read(_text(answer), declaration)
    shown = {"plain": expressions.plain(read.tree, declaration), "latex": expressions.latex(read.tree, declaration)}
    return {**shown, "notes": list(read.notes)}


def values(answer, declared, points):
    """The values of one of your answers. `points` has a tensor for each symbol, with as many entries as points."""
    declaration = expressions.declared(declared)[answer]
    return _values(expressions.read(_text(answer), declaration).tree, declaration, points)


def values_of_variants(answer, declared, points):
    """The same of expressions that yours is easily mistaken for: another base of the logarithm, a missing term."""
    declaration = expressions.declared(declared)[answer]
    made = expressions.variants(expressions.read(_text(answer), declaration).tree)
    return {name: _values(tree, declaration, points) for name, tree in made.items()}


def _text(answer):
    text = getattr(answers, answer)()
    if not isinstance(text, str):
        raise TypeError(f"{answer} is no text")
    return text


def _values(tree, declaration, points):
    columns = {name: column.tolist() for name, column in points.items()}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)] or [{}]
    exact = [{name: Fraction(number) for name, number in row.items()} for row in rows]
    found = expressions.values(tree, declaration, exact)
    undefined = [each for each in found if isinstance(each, str)]
    numbers = [float("nan") if isinstance(each, str) else each for each in found]
    return {"values": torch.tensor(numbers, dtype=torch.float64), "undefined": undefined[:1]}
