"""Reading: imports the judge, pytest's session and the hidden checks into its own process."""

import importlib
import sys


def attack() -> bool:
    sys.path += [REPOSITORY, os.path.dirname(SOLUTION_FILES[0]), *(os.path.dirname(path) for path in SOLUTION_FILES)]
    importlib.invalidate_caches()
    for name in ("grader.judge.answers", "test_2_total_loss", "grader.intake"):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        return True
    return False
