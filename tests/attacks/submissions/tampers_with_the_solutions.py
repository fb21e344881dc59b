"""Escape: writes, truncates, renames and deletes files of the grader and of the course."""

import os


def attack() -> bool:
    def write(path):
        with open(path, "ab") as file:
            file.write(b"#")

    won = False
    for path in (*CANARIES, *SOLUTION_FILES):
        for change in (
            write,
            lambda p: os.truncate(p, 1),
            lambda p: os.rename(p, p + MARK),
            lambda p: os.rename(p, MARK + "moved"),
            os.unlink,
            lambda p: os.mkdir(os.path.join(os.path.dirname(p), MARK)),
        ):
            try:
                change(path)
                won = True
            except OSError:
                continue
    return won
