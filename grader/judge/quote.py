"""What may be repeated, to anyone, of what a worker said about an exception.

A student's code chooses an exception's text, its type's name, even the line that a traceback shows, so any of them
could carry hidden inputs out of the sandbox. Hence only what the judge finds in its own copy of the submission is
repeated. That is not enough where code has a word ready for every number: so a name is repeated only if it stands in
the line that is quoted anyway, or if the course defines it, and lines beyond the first MOST_LINES are not quoted.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType

from grader.intake.submission import NO_PLACES, Places, Submission
from grader.sandbox.replies import Frame, Raised

EXCEPTIONS = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
EXCEPTIONS |= {
    "LinAlgError",
    "OutOfMemoryError",
    "JSONDecodeError",
    "UnpicklingError",
    "FrozenInstanceError",
    "BdbQuit",
}

# The ways in which Python refuses a call. Few names and small numbers: a sentence of any length could spell anything.
_CALL = re.compile(
    r"(?P<function>(?:\w+\.){0,2}(?:<locals>\.)?\w+)\(\) (?:"
    r"missing \d required (?:positional|keyword-only) arguments?: '\w+'(?: and '\w+')?"
    r"|takes (?:from \d to )?\d positional arguments? but \d (?:was|were) given"
    r"|got an unexpected keyword argument '\w+'(?:\. Did you mean '\w+'\?)?"
    r"|got multiple values for argument '\w+'"
    r")"
)
# What Python says of names, which as a rule is all that a student has to know.
_SAID = re.compile(
    r"name '\w+' is not defined"
    r"|cannot access local variable '\w+' where it is not associated with a value"
    r"|cannot access free variable '\w+' where it is not associated with a value in enclosing scope"
    r"|cannot import name '\w+' from '[\w.]+'"
    r"|module '[\w.]+' has no attribute '\w+'"
    r"|'\w+' object has no attribute '\w+'"
    r"|'\w+' object is not (?:callable|subscriptable|iterable)"
)
_LIBRARIES = frozenset({"torch", "torch.nn", "torch.nn.functional", "torch.optim", "numpy", "math", "random"})
_DEBUGGER = re.compile(r"\b(?:breakpoint|set_trace)\s*\(")
_DEFINED = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
MAX_NAME = 100
MOST_NAMES = 500  # of a module, among which a misspelt one is looked for: many more are no student's work
NEAR = 0.8  # of the letters, from which two names are one that was misspelt
MAX_QUOTE = 200
MOST_LINES = 1024  # of a module, which can be named: ten bits
MOST_WORDS = 32  # of such a line, which a message may name
NEAREST = 1  # lines above and below the quoted one that may belong to its statement
# What Python calls the things that a student's code handles.
_TYPES = frozenset(
    {"NoneType", "bool", "int", "float", "str", "list", "tuple", "dict", "set", "function", "method", "module", "type"}
    | {"generator", "range", "Tensor", "Parameter", "ndarray", "Generator", "builtin_function_or_method"}
)
PROBES = "<probes>/probes.py"
_ASSIGNS = re.compile(r"(?<![=!<>])=(?!=)")


class Quotes:
    """The words and lines of one submission's modules (name -> text) and of the probes.

    `places` says which lines of the modules are of which cell, for a submission that is a notebook, and `absent` why
    modules are empty that are not there.
    """

    def __init__(
        self,
        modules: Mapping[str, str],
        probes: str,
        places: Places = NO_PLACES,
        absent: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._modules, self._places, self.absent = modules, places, absent
        self._texts = {**{f"{name}.py": text for name, text in modules.items()}, PROBES: probes}

    @classmethod
    def of(cls, submission: Submission, probes: str) -> Quotes:
        """What may be repeated of `submission`."""
        return cls(submission.modules, probes, submission.places, submission.absent)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for text in self._texts.values() for word in re.findall(r"\w+", text))

    @cached_property
    def _courses(self) -> frozenset[str]:
        """The words of the probes, which no submission chooses."""
        return frozenset(re.findall(r"\w+", self._texts[PROBES]))

    def knows(self, module: str, name: str) -> bool:
        """Whether `module` is one of the submission's and `name` one that the probes ask it for."""
        asked = (
            rf"\b{re.escape(module)}\.{re.escape(name)}\b|\bfrom {re.escape(module)} import\b.*\b{re.escape(name)}\b"
        )
        return module in self._modules and re.search(asked, self._texts[PROBES]) is not None

    def beside(self, raised: Raised) -> frozenset[str]:
        """The first few words of the line that is quoted for an exception, and of its neighbours."""
        for frame in reversed(raised.frames):
            if own := self.line(frame):
                lines = self._texts[frame.file].split("\n")[max(0, frame.line - 1 - NEAREST) : frame.line + NEAREST]
                words = re.findall(r"\w+", " ".join([own, *(line[:MAX_QUOTE] for line in lines)]))
                return frozenset(list(dict.fromkeys(words))[:MOST_WORDS])
        return frozenset()

    def line(self, frame: Frame) -> str:
        """The line that a frame points to, as it was handed in; "" when there is no such line."""
        lines = self._texts.get(frame.file, "").split("\n")[:MOST_LINES]
        return lines[frame.line - 1].strip()[:MAX_QUOTE] if 0 < frame.line <= len(lines) else ""

    def where(self, frame: Frame) -> str:
        """ "line 12 of multitask.py", or in a notebook "cell 7 of hw0.ipynb, line 3"; the file alone without a line."""
        if frame.line < 1:
            return self.holder(frame.file.removesuffix(".py"))
        for place in self._places.get(frame.file.removesuffix(".py"), ()):
            if place.first <= frame.line <= place.last:
                line = f"line {frame.line - place.offset}"
                return f"cell {place.cell} of {place.file}, {line}" if place.cell else f"{line} of {place.file}"
        return f"line {frame.line} of {frame.file}"

    def holder(self, module: str) -> str:
        """The file that should define the names of `module`: "multitask.py" or "hw0.ipynb"."""
        places = self._places.get(module, ())
        return places[0].file if places else f"{module}.py"

    @property
    def in_a_document(self) -> bool:
        """Whether answers below headings were handed in, and no code."""
        return any(place.cell == 0 and place.last for of in self._places.values() for place in of)

    @property
    def files(self) -> str:
        """The files that were handed in, in words: "protonet.py and maml.py"."""
        return " and ".join(dict.fromkeys(map(self.holder, self._modules))) or "what was asked for"

    @property
    def packages(self) -> tuple[str, ...]:
        """What the homework needs that does not come with Python: NumPy, PyTorch and what the probes import."""
        probes = re.findall(r"^(?:import|from) +(\w+)", self._texts[PROBES], re.MULTILINE)
        return tuple(sorted({"numpy", "torch", *probes} - sys.stdlib_module_names - self._modules.keys()))

    @property
    def stars(self) -> bool:
        """Whether a module takes all names of PyTorch, some of which Python has too."""
        return any(re.search(r"^from torch import \*", text, re.MULTILINE) for text in self._modules.values())

    def of_self(self, name: str) -> str:
        """Whether `self.name` stands in the submission: "assigned", "read" where nothing assigns it, or "".

        Where a single `=` follows in its line, it may be assigned. Each line is looked through once, however long.
        """
        meant, found = re.compile(rf"\bself\.{re.escape(name)}\b"), ""
        for text in self._modules.values():
            if re.search(rf"\bdef {re.escape(name)}\b", text):
                return "assigned"
            for line in text.splitlines():
                if there := meant.search(line):
                    if _ASSIGNS.search(line, there.end()):
                        return "assigned"
                    found = "read"
        return found

    def imports(self, name: str) -> str:
        """The package or module of which `name` is a part, if a line of the submission imports it; or else ""."""
        root = name.partition(".")[0]
        asked = rf"^[ \t]*(?:from[ \t]+{re.escape(root)}\b|import\b[^\n]*\b{re.escape(root)}\b)"
        return root if any(re.search(asked, text, re.MULTILINE) for text in self._modules.values()) else ""

    def debugger(self, file: str, line: int) -> Frame | None:
        """Where `file` calls a debugger, for one that stopped at `line`: the nearest above, or else below."""
        lines = enumerate(self._texts.get(file, "").split("\n"), 1)
        found = [at for at, text in lines if _DEBUGGER.search(text.partition("#")[0])]
        nearest = [at for at in found if at <= line][-1:] or found[:1]
        return Frame(file, nearest[0], "", "", ours=False) if nearest else None

    @property
    def sources(self) -> tuple[str, ...]:
        """The submission's modules, as frames name them."""
        return tuple(f"{own}.py" for own in self._modules)

    def near(self, module: str, name: str) -> str:
        """A name that `module` defines at its top level and that is most likely `name` misspelt; "" if none is.

        One that the probes use is not: it is another part of the homework.
        """
        defined = {one or other for one, other in _DEFINED.findall(self._modules.get(module, ""))}
        if len(defined) > MOST_NAMES or max(map(len, defined), default=0) > MAX_NAME:
            return ""  # to compare them all would use up the time of the check, which is then our fault
        asked = set(re.findall(r"\w+", self._texts[PROBES]))
        by_fold = {each.lower().replace("_", ""): each for each in sorted(defined - asked)}
        close = get_close_matches(name.lower().replace("_", ""), by_fold, n=1, cutoff=NEAR)
        return by_fold[close[0]] if close else ""

    def without_return(self, probe: str) -> str:
        """A function that `probe` calls, or the `forward` of a class that it makes, which never returns a value; or "".

        Found in the text, so that nothing of the submission is parsed.
        """
        for module, name in re.findall(r"\b(\w+)\.(\w+)\(", self._probe(probe)):
            text = self._modules.get(module, "")
            body = _block("def", name, text)
            made = "" if body else _block("class", name, text)
            body = body or _block("def", "forward", made)
            if body and not re.search(r"\b(?:return[ \t(\[{-]*[^\s#]|yield\b)", body):
                return f"{name}.forward" if made else name
        return ""

    def _probe(self, name: str) -> str:
        """The text of a probe, and of the probes that it calls itself."""
        text = _block("def", name, self._texts[PROBES])
        called = set(re.findall(r"(?<![\w.])(\w+)\(", text)) - {name}
        return "\n".join([text, *(_block("def", each, self._texts[PROBES]) for each in sorted(called))])

    def said(self, raised: Raised, *, importing: bool = False) -> str:
        """Python's own words on a name that stands in the quoted line or is the course's; "" for any other text.

        While a module is imported there is no question yet, so any name of the submission may be told.
        """
        message = re.sub(r"(?: \(.*\)|\. Did you (?:mean|forget)\b.*)$", "", raised.message)
        names = [word for quoted in re.findall(r"'([\w.]+)'", message) for word in quoted.split(".")]
        if not _SAID.fullmatch(message):
            return ""
        if importing:
            return message if (self._words | _TYPES).issuperset(names) else ""
        named, *more = re.findall(r"'([\w.]+)'", message)
        thing, free = (named, more) if message.startswith(("'", "module ")) else (more[0] if more else "", [named])
        known = _TYPES | _LIBRARIES | self._named | {""}
        return message if thing in known and self.beside(raised).issuperset(free) else ""

    def place(self, raised: Raised | None) -> str:
        """ " (line 12 of multitask.py, in total_loss: `text`)" of the innermost line that is the student's, or ""."""
        own = [frame for frame in raised.frames if not frame.ours and self.line(frame)] if raised else []
        if not own:
            return ""
        last = own[-1]
        name = self._around(last)
        function = f", in {name}" if name else ""
        quoted = "" if self.in_a_document else f": `{self.line(last)}`"  # its module is our words
        return f" ({self.where(last)}{function}{quoted})"

    def exception(self, raised: Raised) -> str:
        """The exception's class where Python or a library defines it; of the student's own, what it is one of."""
        if raised.type in EXCEPTIONS:
            return raised.type
        base = next((name for name in raised.bases if name in EXCEPTIONS - {"Exception", "BaseException"}), "")
        if raised.type in self._words:
            return f"an exception of your own ({base})" if base else "an exception of your own"
        return base or "an exception"

    def call(self, raised: Raised, probe: str) -> str:
        """Python's words on a call with wrong arguments, and how the function is defined; "" for any other text.

        The names are those of the probe and of the definition.
        """
        found = _CALL.fullmatch(raised.message)
        if not found:
            return ""
        function = found["function"].rpartition(".")[2]
        definition = self._definition(function)
        asked = frozenset(re.findall(r"\w+", self._probe(probe)))
        known = asked | frozenset(re.findall(r"\w+", definition)[:MOST_WORDS])
        inside = found["function"].replace("<locals>.", "").split(".")[:-1]
        if function not in self._courses | {"__init__", "forward"}:
            return ""
        if not (asked | {self._class_of(function)}).issuperset(inside):
            return ""
        names = re.findall(r"'(\w+)'", raised.message)
        if not known.issuperset(names) or ("missing" in raised.message and f" {len(names)} " not in raised.message):
            return ""
        return f"{raised.message.rstrip('.')}." + (f" Yours is `{definition}`." if definition else "")

    @cached_property
    def _named(self) -> frozenset[str]:
        """What the probes ask the modules for: the names that the handout gives."""
        modules = "|".join(map(re.escape, self._modules)) or "(?!)"
        return frozenset(re.findall(rf"\b(?:{modules})\.(\w+)", self._texts[PROBES])) | self._modules.keys()

    def _around(self, frame: Frame) -> str:
        """The function around a line, found in the text: what a frame says of it could be anything."""
        lines = self._texts.get(frame.file, "").split("\n")[: max(0, frame.line)]
        if not lines:
            return ""
        depth = len(lines[-1]) - len(lines[-1].lstrip())
        for line in reversed(lines):
            head = re.match(r"([ \t]*)(?:async +)?def +(\w+)", line)
            if head and len(head[1]) < max(depth, 1):
                return head[2]
        return ""

    def _class_of(self, function: str) -> str:
        """The class above the first definition of a function; "" if there is none."""
        for text in self._modules.values():
            above, defined, _ = text.partition(f"def {function}(")
            if defined and (classes := re.findall(r"^class +(\w+)", above, re.MULTILINE)):
                return str(classes[-1])
        return ""

    def _definition(self, function: str) -> str:
        """`def f(a, b)` as it was handed in, if that is not in doubt."""
        found = [
            match
            for text in self._modules.values()
            for match in re.finditer(rf"\bdef {re.escape(function)}\([^()]*\)", text)
        ]
        return " ".join(found[0][0].split())[:MAX_QUOTE] if len(found) == 1 else ""


def _block(kind: str, name: str, text: str) -> str:
    """The last `def name` or `class name` of a text with all that is indented below it; "" if there is none."""
    lines = text.split("\n")
    for at in reversed(range(len(lines))):
        if begin := re.match(rf"([ \t]*){kind} +{re.escape(name)}\b", lines[at]):
            inner = re.compile(rf"{begin[1]}(?:[ \t]|\)|$)|\s*(?:#|$)")
            end = next((i for i in range(at + 1, len(lines)) if not inner.match(lines[i])), len(lines))
            return "\n".join(lines[at:end])
    return ""
