"""Submissions in: folders, modules, notebooks, zip and tar archives, as text. Nothing is unpacked to disk, or run."""

from grader.intake.class_folder import ClassFolder, list_class, look_through, read_class, read_entry
from grader.intake.distinct import as_before
from grader.intake.entry import Asked, Entry, PassedOver
from grader.intake.reading import read_submission
from grader.intake.submission import CellPlace, IntakeLimits, Places, Submission
from grader.intake.tree import BESIDE
from grader.intake.wanted import Wanted

__all__ = [
    "BESIDE",
    "Asked",
    "CellPlace",
    "ClassFolder",
    "Entry",
    "IntakeLimits",
    "PassedOver",
    "Places",
    "Submission",
    "Wanted",
    "as_before",
    "list_class",
    "look_through",
    "read_class",
    "read_entry",
    "read_submission",
]
