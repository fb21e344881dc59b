"""From pieces to the words of the grammar: names are looked up, LaTeX's arguments get their braces, brackets match."""

from dataclasses import dataclass, field

import advice
from functions import RAISED, with_functions
from grammar import Word, word_of
from indices import indices_first
from naming import ACCENTS, Cluster, Names, cluster
from scanning import Piece, scan
from unreadable import Unreadable, place, quoted

_FRACTIONS = ("frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac")
_PLAIN_SIGNS = {"+": "PLUS", "-": "MINUS", "*": "TIMES", "^": "POWER"}
_MEANINGS = {"symbol": "SYMBOL", "pi": "PI", "e": "EULER"}


@dataclass(frozen=True, slots=True)
class _Bracket:
    piece: Piece
    opening: Word
    of_function: str  # the function whose argument it holds, as the student wrote it, or ""


@dataclass(slots=True)
class _Wanted:
    """Arguments that a command still needs, at this depth of brackets."""

    command: Piece
    missing: int
    depth: int


@dataclass(slots=True)
class _Arranger:
    text: str
    pieces: list[Piece]
    names: Names
    at: int = 0
    words: list[Word] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    open: list[_Bracket] = field(default_factory=list)
    wanted: list[_Wanted] = field(default_factory=list)

    def run(self) -> None:
        while self.at < len(self.pieces) or self._wants():
            if self._wants():
                self._argument(self.wanted[-1])
            else:
                self._next(self.pieces[self.at])
        if self.open:
            bracket = self.open[-1].piece
            raise Unreadable(f"The bracket {self._quoted(bracket)} is never closed{self._place(bracket)}.")

    def _next(self, piece: Piece) -> None:
        match piece.kind:
            case "open" | "begin":
                self._open(piece, "")
            case "close" | "end":
                self._close(piece)
            case "number":
                self._number(piece)
            case "superscript":
                self._superscript(piece)
            case "command" if piece.text in _FRACTIONS:
                self._want(piece, 2)
                self._add("FRACTION", piece)
            case "function":
                self._function(piece)
            case "root":
                self._root(piece)
            case "word" | "greek" | "command":
                self._symbols(piece)
            case "_" | "subscript":
                where = self._place(piece)
                raise Unreadable(f"There is an index without a symbol in front of it{where}. Write it as in `s_1`.")
            case "/":
                self._slash(piece)
            case kind:
                self._add(_PLAIN_SIGNS[kind], piece)

    def _add(self, kind: str, piece: Piece, value: str = "") -> None:
        self.words.append(word_of(kind, value or piece.text, piece.start, piece.end))
        self.at += 1

    def _following(self, distance: int = 0) -> str:
        """The kind of the piece that comes next, or in some distance; an empty text behind the last one."""
        at = self.at + distance
        return self.pieces[at].kind if at < len(self.pieces) else ""

    # Brackets and arguments ------------------------------------------------------------------------------------------

    def _open(self, piece: Piece, of_function: str) -> None:
        self._add("BEGIN" if piece.kind == "begin" else "OPEN", piece)
        self.open.append(_Bracket(piece, self.words[-1], of_function))

    def _close(self, piece: Piece) -> None:
        if not self.open:
            raise Unreadable(f"{self._quoted(piece)} closes a bracket that was never opened{self._place(piece)}.")
        bracket = self.open.pop()
        if bracket.piece.text != piece.text:
            pair = f"{self._quoted(bracket.piece)} and {self._quoted(piece)}"
            raise Unreadable(f"{pair} are different kinds of brackets{self._place(piece)}. Use two of one kind.")
        if self.words[-1] is bracket.opening:
            raise Unreadable(
                f"There is nothing inside the brackets{self._place(bracket.piece)}. Write something there."
            )
        self._add("END" if piece.kind == "end" else "CLOSE", piece)
        if bracket.of_function:
            self._check_behind(bracket)

    def _check_behind(self, bracket: _Bracket) -> None:
        """Refuse `\\log(x)^2`; say how `\\log{x} y` is read."""
        name, behind = bracket.of_function, self._following()
        if behind in RAISED:
            plain, where = name.removeprefix("\\"), self._place(self.pieces[self.at])
            raise Unreadable(
                f"A power behind the brackets of `{name}` can be read in two ways{where}. "
                f"Write ({plain}(x))^2 or {plain}(x^2)."
            )
        if bracket.piece.kind == "begin" and behind in ("word", "greek", "command", "root", "open", "begin"):
            inside = quoted(self.text, bracket.piece.start, self.pieces[self.at - 1].end)
            self.notes.append(f"`{name}` was applied to {inside} only. For more write brackets: {name}( ... ).")

    def _want(self, command: Piece, arguments: int) -> None:
        self.wanted.append(_Wanted(command, arguments, len(self.open)))

    def _wants(self) -> bool:
        return bool(self.wanted) and self.wanted[-1].depth == len(self.open)

    def _argument(self, wanted: _Wanted) -> None:
        """The next argument of a command: what stands in braces, or a single digit, letter or Greek letter."""
        if wanted.missing == 0:
            self.wanted.pop()
            return
        following = self._following()
        root = wanted.command.kind == "root"
        if following == "begin" or (root and following == "open"):
            self._open(self.pieces[self.at], "")
        elif following in ("number", "word", "greek"):
            self._single(self.pieces[self.at], wanted)
        else:
            raise self._missing(wanted)
        wanted.missing -= 1

    def _single(self, piece: Piece, wanted: _Wanted) -> None:
        """An argument without braces, as in `\\frac12`. Of a longer piece LaTeX takes the first letter."""
        if wanted.command.kind == "root" and piece.kind == "number" and len(piece.text) > 1:
            self.notes.append(f"The square root was taken of {piece.text}. In LaTeX write \\sqrt{{{piece.text}}}.")
        elif piece.kind != "greek" and len(piece.text) > 1:
            piece = self._first_of(piece, wanted)
        if self._following(1) in ("_", "subscript") and self.pieces[self.at + 1].start == piece.end:
            raise self._braces(wanted, piece)
        start, end = piece.start, piece.end
        self.words.append(word_of("BEGIN", "{", start, start))
        if piece.kind == "number":
            self._add("NUMBER", piece)
        else:
            self._symbols(piece)
        self.words.append(word_of("END", "}", end, end))

    def _first_of(self, piece: Piece, wanted: _Wanted) -> Piece:
        whole = wanted.command.kind == "root" and piece.kind == "word"
        if whole and piece.text in self.names:
            return piece
        if whole or "." in piece.text or piece.text in self.names or piece.end - piece.start != len(piece.text):
            raise self._braces(wanted, piece)
        first = Piece(piece.kind, piece.text[0], piece.start, piece.start + 1)
        self.pieces[self.at : self.at + 1] = [first, *scan(self.text, piece.start + 1, piece.end)]
        return first

    def _braces(self, wanted: _Wanted, piece: Piece) -> Unreadable:
        written = self._quoted(wanted.command)
        return Unreadable(f"What belongs to {written} is not clear{self._place(piece)}. Put it into braces {{ }}.")

    def _missing(self, wanted: _Wanted) -> Unreadable:
        written, where = self._quoted(wanted.command), self._place(wanted.command)
        if wanted.command.kind == "root":
            return Unreadable(f"Behind {written} its argument is missing{where}. Write \\sqrt{{x}} or sqrt(x).")
        return Unreadable(f"{written} needs two parts in braces{where}. Write {written[1:-1]}{{a}}{{b}}.")

    # Numbers, powers and functions -----------------------------------------------------------------------------------

    def _number(self, piece: Piece) -> None:
        if self.words and self.words[-1] == "^" and len(piece.text) > 1:
            self.notes.append(f"The power was read as {piece.text}. In LaTeX write ^{{{piece.text}}}.")
        self._add("NUMBER", piece)

    def _slash(self, piece: Piece) -> None:
        before = self.words[-2:]
        one = [word.type for word in before] == ["POWER", "NUMBER"] and before[1] == "1"
        if one and self._following(1) == "number":
            self.notes.append(f"Only the 1 was read as the power{self._place(piece)}. For a root write ^(1/2).")
        self._add("SLASH", piece)

    def _superscript(self, piece: Piece) -> None:
        start, end = piece.start, piece.end
        self.words += [word_of("POWER", "^", start, start), word_of("BEGIN", "{", start, start)]
        if piece.text.startswith("-"):
            self.words.append(word_of("MINUS", "-", start, start))
        self._add("NUMBER", piece, piece.text.removeprefix("-"))
        self.words.append(word_of("END", "}", end, end))

    def _function(self, piece: Piece) -> None:
        self._add("FUNCTION", piece)
        while self.at < len(self.pieces) and self.pieces[self.at].kind in ("base", "raised"):
            self._add(self.pieces[self.at].kind.upper(), self.pieces[self.at])
        if self._following() in ("open", "begin"):
            self._open(self.pieces[self.at], self.text[piece.start : piece.end])

    def _root(self, piece: Piece) -> None:
        self._add("ROOT", piece)
        if self._following() == "index":
            self._add("INDEX", self.pieces[self.at])
        self._want(piece, 1)

    # Symbols ---------------------------------------------------------------------------------------------------------

    def _symbols(self, piece: Piece) -> None:
        if piece.kind == "command" and piece.text not in ACCENTS:
            raise self._unknown_command(piece)
        found = self._joined() or cluster(self.pieces, self.at, self.text)
        start, end = piece.start, self.pieces[found.stop - 1].end
        if piece.text in advice.FUNCTIONS and found.key not in self.names:
            tried = advice.COMMANDS.get(piece.text, advice.USUAL)
            raise Unreadable(f"{self._quoted(piece)} is not read here{self._place(piece)}. {tried}")
        meanings = self.names.meaning(found, self.text, start, end)
        if len(meanings) > 1 and self.words and self.words[-1].type == "POWER":
            raise Unreadable(f"What belongs to the power is not clear{self._place(piece)}. Put it into brackets.")
        for meaning in meanings:
            self.words.append(word_of(_MEANINGS[meaning[0]], meaning[-1], start, end))
        self.at = found.stop

    def _joined(self) -> Cluster | None:
        """A Greek letter with letters or digits right behind it, if both are the name of one symbol: `τK`."""
        first, *others = self.pieces[self.at : self.at + 2]
        if first.kind != "greek" or self.text[first.start] == "\\" or not others:
            return None
        joined = others[0].kind in ("word", "number") and others[0].start == first.end
        key = first.text + others[0].text
        return Cluster(key, "", True, self.at + 2) if joined and key in self.names else None

    def _unknown_command(self, piece: Piece) -> Unreadable:
        known = advice.COMMANDS.get(piece.text, "")
        nearest = self.names.nearest(piece.text) if not known and len(piece.text) > 2 else ""
        if len(nearest) > 1:
            known = f"Did you mean {nearest}? {self.names.allowed()}"
        return Unreadable(f"{self._quoted(piece)} is not read here{self._place(piece)}. {known or advice.USUAL}")

    def _quoted(self, piece: Piece) -> str:
        return quoted(self.text, piece.start, piece.end)

    def _place(self, piece: Piece) -> str:
        return place(self.text, piece.start)


def arrange(text: str, pieces: list[Piece], names: Names) -> tuple[list[Word], list[str]]:
    """The words of the grammar, in order, and notes that say how doubtful spellings were read.

    Raises:
        Unreadable: A name is unknown, brackets do not match, or a command lacks an argument.
    """
    settled, notes = with_functions(indices_first(pieces, names, text), text)
    arranger = _Arranger(text, settled, names, notes=notes)
    arranger.run()
    return arranger.words, arranger.notes
