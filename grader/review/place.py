"""Where a review is to be found: port and token, kept so that a page goes on after its server was started again."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.errors import GraderError
from grader.intake.names import safe_name

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Place:
    """A port of this machine, and what a browser has to know to be let in."""

    port: int
    token: str

    @property
    def address(self) -> str:
        """What a person opens. The token moves from there into a cookie."""
        return f"http://{HOST}:{self.port}/?token={self.token}"


def place_of(folder: Path, homework: str, who: str, port: int | None = None) -> Place:
    """The place of one grader's review, the same each time. Kept in a file that only this user can read.

    Raises `GraderError` when the file cannot be written, or is open to others.
    """
    path = folder / f"review-{safe_name(homework)}-{safe_name(who)}.json"
    kept = _kept(path)
    place = Place(port or (kept.port if kept else _free()), kept.token if kept else secrets.token_urlsafe(32))
    if place != kept:
        _keep(path, place)
    return place


def _kept(path: Path) -> Place | None:
    try:
        mode = path.stat().st_mode & 0o777
        told = json.loads(path.read_text())
        place = Place(int(told["port"]), str(told["token"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraderError(
            f"{path}: cannot be read ({error}). Remove it; open pages will need the new address."
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise GraderError(f"{path}: others can read the token in it. Remove the file, and start the review again.")
    if len(place.token) < 20 or not 0 < place.port < 65536:
        raise GraderError(f"{path}: holds no port and token. Remove it; open pages will need the new address.")
    return place


def _keep(path: Path, place: Place) -> None:
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(place), file)
        os.replace(temporary, path)
    except OSError as error:
        raise GraderError(f"{path}: cannot be written ({error.strerror}). Make its folder writable.") from None


def _free() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
        return port
