"""The same grader as a Gradescope autograder: what goes into the archive, and what runs there."""
