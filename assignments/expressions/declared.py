"""What each answer may hold: its symbols, with their domains, from a file in TOML."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

import naming
from functions import FUNCTIONS
from unreadable import Unreadable

DOMAINS = ("positive", "real", "count", "unit")


class DeclarationError(ValueError):
    """Something is wrong in a declaration. The text names the entry and the fault."""


@dataclass(frozen=True)
class Symbol:
    """A symbol of an answer.

    Its domain is `positive`, `real`, `count` (1, 2, 3, ...) or `unit` (strictly between 0 and 1). If it is short for
    other symbols, `short_for` is their expression in plain spelling.
    """

    name: str
    latex: str
    domain: str
    means: str
    short_for: str


@dataclass(frozen=True)
class Answer:
    """One answer: what it asks for, and what may stand in it. `decimals` counts for an answer that is a number."""

    name: str
    problem: str
    asks: str
    symbols: tuple[Symbol, ...]
    decimals: int | None


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_ANSWER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OTHER_WORDS = frozenset({*FUNCTIONS, "pi", "e"})


def declared(toml_text: str) -> dict[str, Answer]:
    """The answers of a declaration, by their names.

    Raises:
        DeclarationError: The text is no TOML, or an entry in it is wrong or missing.
    """
    try:
        content = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"The declaration is not valid TOML: {error}") from error
    _known("The declaration", content, {"symbols", "answers"})
    symbols = {name: _symbol(name, entry) for name, entry in _tables(content, "symbols").items()}
    for symbol in symbols.values():
        _check_short(symbol, symbols)
    answers = {name: _answer(name, entry, symbols) for name, entry in _tables(content, "answers").items()}
    if not answers:
        raise DeclarationError("The declaration has no [answers.NAME].")
    return answers


def words_in(short_for: str) -> frozenset[str]:
    """The symbols that a short symbol stands for."""
    return frozenset(_NAME.findall(short_for)) - _OTHER_WORDS


def _symbol(name: str, entry: dict[str, Any]) -> Symbol:
    where = f"[symbols.{name}]"
    _known(where, entry, {"latex", "domain", "means", "short_for"})
    if not _NAME.fullmatch(name):
        raise DeclarationError(f"{where}: a symbol's name has letters and digits only and begins with a letter.")
    if naming.RESERVED.fullmatch(name):
        raise DeclarationError(f"{where}: `{name}` is the name of a function or a constant. Choose another name.")
    short_for = _text(where, entry, "short_for", "")
    domain = _text(where, entry, "domain", "real" if short_for else None)
    if domain not in DOMAINS:
        raise DeclarationError(f"{where}: there is no domain `{domain}`. The domains are: {', '.join(DOMAINS)}.")
    symbol = Symbol(
        name=name,
        latex=_text(where, entry, "latex", name),
        domain=domain,
        means=_text(where, entry, "means", "" if short_for else None),
        short_for=short_for,
    )
    try:
        key = naming.key_of_latex(symbol.latex)
    except Unreadable as error:
        raise DeclarationError(f"{where}: its latex cannot be read as a symbol. {error}") from error
    if naming.RESERVED.fullmatch(key):
        raise DeclarationError(f"{where}: its latex `{symbol.latex}` is a function or a constant. Choose another.")
    return symbol


def _check_short(symbol: Symbol, symbols: dict[str, Symbol]) -> None:
    where = f"[symbols.{symbol.name}]"
    for word in sorted(words_in(symbol.short_for)):
        if word not in symbols:
            raise DeclarationError(f"{where}: it is short for `{word}`, which is no symbol.")
        if symbols[word].short_for:
            raise DeclarationError(f"{where}: it is short for `{word}`, which is short for something itself.")


def _answer(name: str, entry: dict[str, Any], symbols: dict[str, Symbol]) -> Answer:
    where = f"[answers.{name}]"
    _known(where, entry, {"problem", "asks", "symbols", "decimals"})
    if not _ANSWER_NAME.fullmatch(name):
        raise DeclarationError(f"{where}: an answer's name has letters, digits and _ only and begins with a letter.")
    decimals = entry.get("decimals")
    if decimals is not None and (type(decimals) is not int or not 0 <= decimals <= 15):
        raise DeclarationError(f"{where}: decimals must be a whole number from 0 to 15.")
    chosen = tuple(symbols[symbol] for symbol in _names(where, entry, symbols))
    _check_spellings(where, chosen)
    return Answer(name, _text(where, entry, "problem"), _text(where, entry, "asks"), chosen, decimals)


def _names(where: str, entry: dict[str, Any], symbols: dict[str, Symbol]) -> list[str]:
    names = entry.get("symbols")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise DeclarationError(f'{where}: symbols must be a list of names, as in symbols = ["a", "b"].')
    for name in names:
        if name not in symbols:
            raise DeclarationError(f"{where}: there is no symbol `{name}`. Declare it as [symbols.{name}].")
        if names.count(name) > 1:
            raise DeclarationError(f"{where}: the symbol `{name}` is listed twice.")
        for part in sorted(words_in(symbols[name].short_for)):
            if part not in names:
                raise DeclarationError(f"{where}: `{name}` is short for `{part}`, which is missing from symbols.")
    return names


def _check_spellings(where: str, symbols: tuple[Symbol, ...]) -> None:
    owners: dict[str, str] = {}
    for symbol in symbols:
        for key in sorted(naming.keys_of(symbol.name, symbol.latex)):
            if owners.setdefault(key, symbol.name) != symbol.name:
                raise DeclarationError(f"{where}: `{owners[key]}` and `{symbol.name}` can be spelled alike: `{key}`.")


def _known(where: str, entry: dict[str, Any], allowed: set[str]) -> None:
    for key in entry:
        if key not in allowed:
            raise DeclarationError(f"{where}: `{key}` has no meaning here. Known are: {', '.join(sorted(allowed))}.")


def _tables(content: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    tables = content.get(kind, {})
    if not isinstance(tables, dict) or not all(isinstance(entry, dict) for entry in tables.values()):
        raise DeclarationError(f"`{kind}` must be tables, as in [{kind}.NAME].")
    return tables


def _text(where: str, entry: dict[str, Any], key: str, otherwise: str | None = None) -> str:
    value = entry.get(key, otherwise)
    if value is None:
        raise DeclarationError(f"{where}: `{key}` is missing.")
    if not isinstance(value, str):
        raise DeclarationError(f"{where}: `{key}` must be a text in quotes.")
    return value
