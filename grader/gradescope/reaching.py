"""Probes that try to reach what is not the student's. Their text is put to a worker before each grading."""

from __future__ import annotations

import os


def list_folder(path: str) -> int:
    return len(os.listdir(path))


def read_file(path: str) -> int:
    with open(path, "rb") as file:
        return len(file.read(100))


def open_for_writing(path: str) -> bool:
    os.close(os.open(path, os.O_WRONLY))
    return True


def make_file(path: str) -> bool:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return True
