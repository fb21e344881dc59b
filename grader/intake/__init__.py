"""Submissions in: folders, Python files, zip and tar archives, read as text. Nothing is unpacked to disk or run."""

from grader.intake.class_folder import Entry, list_class, read_class, read_entry
from grader.intake.reading import read_submission
from grader.intake.submission import IntakeLimits, Submission

__all__ = ["Entry", "IntakeLimits", "Submission", "list_class", "read_class", "read_entry", "read_submission"]
