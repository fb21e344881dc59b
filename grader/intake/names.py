"""What names of files and students mean: safe ones, unsafe ones, ones to skip, near misses. Pure functions."""

from __future__ import annotations

import difflib
import hashlib
import re
import sys
import unicodedata

from grader.text import clean_line

# Left behind by operating systems, editors and tools; never part of anyone's work. So is whatever begins with a dot.
SKIPPED = frozenset(
    {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", "Icon\r", "venv", "node_modules", "site-packages"}
)
ARCHIVE_SUFFIXES = (
    ".zip",
    ".tar.gz",
    ".tar.bz2",
    ".tar.xz",
    ".tgz",
    ".tbz2",
    ".tbz",
    ".txz",
    ".tar",
    ".gz",
    ".bz2",
    ".xz",
)
NOTEBOOK_SUFFIXES = (".ipynb", ".ipynb.json", ".ipynb.txt")  # the longer ones are added by browsers
FOREIGN_ARCHIVE_SUFFIXES = (".rar", ".7z", ".zst", ".zipx", ".lzma", ".z", ".cab", ".whl")

# Beside the standard library: what the grader or the course's code imports, or what Python runs unasked.
_IMPORTED = (
    *("torch", "torchvision", "numpy", "scipy", "pandas", "matplotlib", "msgpack", "pytest", "_pytest", "pluggy"),
    *("hypothesis", "conftest", "sitecustomize", "usercustomize", "grader", "probes", "setup"),
)
_SHADOWED = sys.stdlib_module_names.union(_IMPORTED) - {"test"}  # "test" is an ordinary name for a folder
_DEVICE_NAMES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_COPY_MARK = re.compile(
    r"[\s_.-]*(?:\(\d+\)|v?\d+|copy|kopie|copia|copie|final|new|old|orig|original|backup|bak|draft|fixed|solution|solutions|solved|submission|completed|done)$"
)
_OUTDATED = re.compile(r"(?:^|[\s_.-])(?:old|orig|original|backup|bak|draft|stub|starter|template)(?:[\s_.()-]|\d|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:")
MAX_NAME = 60


def shown(name: str) -> str:
    """A stranger's file name as it may appear in a message."""
    return clean_line(name, 120)


def listed(names: list[str], limit: int) -> str:
    """The first few of `names` in words: "a, b and 3 more"."""
    first = ", ".join(shown(name) for name in names[:limit])
    return first if len(names) <= limit else f"{first} and {len(names) - limit:,} more"


def is_skipped(name: str) -> bool:
    """Whether one part of a path is left behind by a tool, so that nobody wants to hear of it."""
    return name.startswith(".") or name in SKIPPED


def escape_attempt(path: str) -> str | None:
    """Why a path in an archive might point out of the archive, or None."""
    if path.startswith("/"):
        return "begins with /"
    if _DRIVE.match(path):
        return "begins with a drive letter"
    if ".." in path.split("/"):
        return "contains .."
    return None


def too_long(path: str, name_bytes: int, path_bytes: int) -> str | None:
    """Why a path is longer than that of an ordinary file, or None."""
    if len(path) > path_bytes or len(path.encode("utf-8", "surrogatepass")) > path_bytes:
        return f"is longer than {path_bytes:,} bytes"
    if any(len(part.encode("utf-8", "surrogatepass")) > name_bytes for part in path.split("/")):
        return f"has a part longer than {name_bytes} bytes"
    return None


def is_notebook(name: str) -> bool:
    """Whether a file's name says that it is a notebook."""
    return name.lower().endswith(NOTEBOOK_SUFFIXES)


def has_control(path: str) -> bool:
    """Whether a name holds line breaks, null bytes, terminal escapes or their like."""
    return _CONTROL.search(path) is not None


def shadows(name: str, *, folder: bool) -> bool:
    """Whether Python could take this file or folder for a module that the grader, or Python itself, imports."""
    stem, dot, suffix = name.partition(".")
    return stem in _SHADOWED and (folder or (bool(dot) and suffix.split(".")[-1] in ("py", "pyc", "pyd", "so")))


def same(name: str, wanted: str) -> bool:
    """The name asked for, in whatever normal form the student's system writes it."""
    return unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", wanted)


def folded(name: str) -> str:
    """Equal for names that some file system, or some reader, cannot tell apart."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(char for char in plain if unicodedata.category(char) != "Cf").casefold().strip()


def is_near_miss(name: str, wanted: str) -> bool:
    """Whether a file looks as if meant to be `wanted`: other case, a copy's number, one suffix too many, a slip."""
    end = suffix(folded(wanted))
    goal, given = folded(wanted).removesuffix(end), folded(name)
    while given.endswith((end, ".txt", ".ipynb", ".pyc", ".pyw", ".pyi", ".bak", ".orig")):
        given = given.rpartition(".")[0]
    given = re.sub(r"^(copy|kopie|copia|copie) (of|von|de|di) ", "", given)
    while True:
        if given == goal or given.endswith((f"_{goal}", f"-{goal}", f" {goal}", f"\\{goal}")):
            return True
        mark = _COPY_MARK.search(given)
        if mark is None:
            break
        given = given[: mark.start()]
    slip = folded(name).endswith(end) and abs(len(given) - len(goal)) <= 3
    return slip and difflib.SequenceMatcher(None, given, goal).ratio() >= 0.85


def is_outdated(name: str) -> bool:
    """Whether a file's name says that another one took its place: "multitask_old.py", "multitask.py.bak"."""
    return _OUTDATED.search(folded(name)) is not None or name.endswith("~")


def suffix(name: str) -> str:
    """How the name of a file that is asked for ends: ".py", or ".md" of a document."""
    return ".md" if name.endswith(".md") else ".py"


def module(name: str) -> str:
    """The module in a file that is asked for: "multitask" of "multitask.py", "answers" of "answers.md"."""
    return name.removesuffix(suffix(name))


def stem(name: str) -> str:
    """A file's name without the suffixes of sources and archives."""
    lower = name.lower()
    for suffix in (*ARCHIVE_SUFFIXES, *FOREIGN_ARCHIVE_SUFFIXES, *NOTEBOOK_SUFFIXES, ".py.txt", ".py", ".md"):
        if lower.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def safe_name(name: str) -> str:
    """A name for results: one part of a path on every system, nothing that a shell or spreadsheet would execute."""
    plain = unicodedata.normalize("NFC", name)
    kept = "".join(char if char.isalnum() or char in " ._-@+,'()" else "_" for char in plain)
    kept = re.sub(r"^[ .\-@+,'()]+", "_", kept).rstrip(" .") or "_"
    if kept.split(".")[0].casefold() in _DEVICE_NAMES:
        kept = f"_{kept}"
    if len(kept) > MAX_NAME:
        kept = f"{kept[: MAX_NAME - 9]}-{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return kept
