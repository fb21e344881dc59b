"""Submissions in: folders, modules, notebooks, zip and tar archives, as text. Nothing is unpacked to disk, or run."""

from grader.intake.class_folder import Entry, list_class, read_class, read_entry
from grader.intake.reading import read_submission
from grader.intake.submission import CellPlace, IntakeLimits, Places, Submission
from grader.intake.tree import BESIDE
from grader.intake.wanted import Wanted

__all__ = [
    "BESIDE",
    "CellPlace",
    "Entry",
    "IntakeLimits",
    "Places",
    "Submission",
    "Wanted",
    "list_class",
    "read_class",
    "read_entry",
    "read_submission",
]
