"""What a homework's checks need in memory before anything is graded: models, and the weights that these are built on.

    [preload]
    modules = ["models"]                # <folder>/models.py in one of the homework's `shared` folders

    [[preload.weights]]
    name = "small"                      # what checks call it: @problem(..., weights=("small",))
    package = "some-distribution"       # an installed distribution; it is never imported to find the file
    version = "1.0"
    file = "some_package/model.safetensors"   # as in the distribution's RECORD
    sha256 = "..."
    licence = "Apache-2.0"
    get = "make models"                 # the command that installs it

Weights are files of an installed distribution, so that no address is known here and nothing is loaded from a network.
"""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from grader.errors import WeightsError

Strict = ConfigDict(extra="forbid", frozen=True)
Name = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
CHUNK = 1 << 20


class Weights(BaseModel):
    """One file of weights in an installed distribution."""

    model_config = Strict
    name: Name
    package: Text
    version: Text
    file: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    licence: Text
    get: Text

    @property
    def requirement(self) -> str:
        """As pip takes it: "some-distribution==1.0"."""
        return f"{self.package}=={self.version}"

    def path(self) -> Path:
        """Where the file lies, once its content is the right one. Raises `WeightsError`.

        A file is read through once per process: again only when its size or its time of change is another.
        """
        try:
            found = distribution(self.package)
        except PackageNotFoundError:
            raise self._error(f"the package {self.package} is not installed") from None
        if found.version != self.version:
            raise self._error(f"of the package {self.package} version {found.version} is installed, not {self.version}")
        entry = next((entry for entry in found.files or () if entry.as_posix() == self.file), None)
        if entry is None:
            raise self._error(f"the package {self.requirement} lists no file {self.file}")
        path = Path(str(found.locate_file(entry))).resolve()
        try:
            state = path.stat()
            digest = _sha256(path, state.st_size, state.st_mtime_ns, state.st_ino)
        except OSError as error:
            raise self._error(f"{path} cannot be read ({error.strerror})") from None
        if digest != self.sha256:
            size = f"{state.st_size:,} bytes"
            raise self._error(f"{path} ({size}) is cut short or another file: its SHA-256 is {digest[:12]}..., not "
                              f"{self.sha256[:12]}...")  # fmt: skip
        return path

    def _error(self, what: str) -> WeightsError:
        return WeightsError(f"The weights {self.name!r} are not here: {what}. Run: {self.get}")


@functools.cache
def _sha256(path: Path, size: int, changed: int, number: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class Preload(BaseModel):
    """The table `[preload]` of assignment.toml."""

    model_config = Strict
    modules: Annotated[tuple[Name, ...], Field(min_length=1)]
    weights: tuple[Weights, ...] = ()

    @model_validator(mode="after")
    def named_once(self) -> Preload:
        for what, names in (("module", self.modules), ("weights", [each.name for each in self.weights])):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{what}: {twice[0]!r} is there twice")
        return self

    def digests(self) -> dict[str, str]:
        """What decides an answer beside the modules: "weights small" -> its SHA-256."""
        return {f"weights {each.name}": each.sha256 for each in self.weights}
