"""What may be repeated, to anyone, of what a worker said about an exception.

A student's code chooses an exception's text, its type's name, even the line that a traceback shows, so any of them
could carry hidden inputs out of the sandbox. Hence only what the judge finds in its own copy of the submission is
repeated.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from functools import cached_property

from grader.intake.submission import NO_PLACES, Places
from grader.sandbox.replies import Frame, Raised

EXCEPTIONS = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
EXCEPTIONS |= {"LinAlgError", "OutOfMemoryError", "JSONDecodeError", "UnpicklingError", "FrozenInstanceError"}

# The ways in which Python refuses a call. Few names and small numbers: a sentence of any length could spell anything.
_CALL = re.compile(
    r"(?P<function>(?:\w+\.){0,2}(?:<locals>\.)?\w+)\(\) (?:"
    r"missing \d required (?:positional|keyword-only) arguments?: '\w+'(?: and '\w+')?"
    r"|takes (?:from \d to )?\d positional arguments? but \d (?:was|were) given"
    r"|got an unexpected keyword argument '\w+'(?:\. Did you mean '\w+'\?)?"
    r"|got multiple values for argument '\w+'"
    r")"
)
MAX_QUOTE = 200


class Quotes:
    """The words and lines of one submission's modules (name -> text) and of the probes.

    `places` says which lines of the modules are of which cell, for a submission that is a notebook.
    """

    def __init__(self, modules: Mapping[str, str], probes: str, places: Places = NO_PLACES) -> None:
        self._modules, self._places = modules, places
        self._texts = {**{f"{name}.py": text for name, text in modules.items()}, "<probes>/probes.py": probes}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for text in self._texts.values() for word in re.findall(r"\w+", text))

    def knows(self, module: str, name: str) -> bool:
        """Whether `module` is one of the submission's and `name` a word of it or of the probes."""
        return module in self._modules and name in self._words

    def line(self, frame: Frame) -> str:
        """The line that a frame points to, as it was handed in; "" when there is no such line."""
        lines = self._texts.get(frame.file, "").split("\n")
        return lines[frame.line - 1].strip()[:MAX_QUOTE] if 0 < frame.line <= len(lines) else ""

    def where(self, frame: Frame) -> str:
        """ "line 12 of multitask.py", or in a notebook "cell 7 of hw0.ipynb, line 3"; the file alone without a line."""
        if frame.line < 1:
            return self.holder(frame.file.removesuffix(".py"))
        for place in self._places.get(frame.file.removesuffix(".py"), ()):
            if place.first <= frame.line <= place.last:
                return f"cell {place.cell} of {place.file}, line {frame.line - place.offset}"
        return f"line {frame.line} of {frame.file}"

    def holder(self, module: str) -> str:
        """The file that should define the names of `module`: "multitask.py" or "hw0.ipynb"."""
        places = self._places.get(module, ())
        return places[0].file if places else f"{module}.py"

    def place(self, raised: Raised | None) -> str:
        """ " (line 12 of multitask.py, in total_loss: `text`)" of the innermost line that is the student's, or ""."""
        own = [frame for frame in raised.frames if not frame.ours and self.line(frame)] if raised else []
        if not own:
            return ""
        last = own[-1]
        function = f", in {last.function}" if last.function in self._words else ""
        return f" ({self.where(last)}{function}: `{self.line(last)}`)"

    def exception(self, raised: Raised) -> str:
        """The exception's class, or the first of its bases that has a name we know."""
        known = (name for name in (raised.type, *raised.bases) if name in EXCEPTIONS or name in self._words)
        return next(known, "an exception")

    def call(self, raised: Raised) -> str:
        """Python's words on a call with wrong arguments, and how the function is defined; "" for any other text."""
        found = _CALL.fullmatch(raised.message)
        names = (
            [*found["function"].replace("<locals>.", "").split("."), *re.findall(r"'(\w+)'", raised.message)]
            if found
            else []
        )
        if not found or not self._words.issuperset(names):
            return ""
        definition = self._definition(found["function"].rpartition(".")[2])
        return f"{raised.message.rstrip('.')}." + (f" Yours is `{definition}`." if definition else "")

    def _definition(self, function: str) -> str:
        """`def f(a, b)` as it was handed in, if that is not in doubt."""
        found = [
            match
            for text in self._modules.values()
            for match in re.finditer(rf"\bdef {re.escape(function)}\([^()]*\)", text)
        ]
        return " ".join(found[0][0].split())[:MAX_QUOTE] if len(found) == 1 else ""
