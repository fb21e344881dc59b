"""The errors a person meets. Each message says which file, what is wrong and what to do."""

from __future__ import annotations


class GraderError(Exception):
    """Something on our side of the border is wrong; a submission is never charged for it."""


class CourseError(GraderError):
    """A file that describes the course (course.toml, assignment.toml, a check) is wrong."""


class WeightsError(CourseError):
    """Weights of a model that checks need are not installed, or are not the right ones."""


class BrokenCheck(GraderError):
    """A check did what makes no sense. Whether an answer brought it there is seen when the reference is checked."""


class SandboxError(GraderError):
    """The sandbox could not be started or broke down."""


class SandboxLost(SandboxError):
    """The fork server is gone, or does not answer: what was being judged has to be judged again by another."""


class ResultsError(GraderError):
    """Results cannot be written where they should go."""


class IntakeError(GraderError):
    """A folder of submissions cannot be read at all (one bad submission is a verdict, not an error)."""
