"""Escape: changes Python's own files, PyTorch's and the grader's, for whoever runs next."""

import os
import sys


def attack() -> bool:
    places = [os.path.dirname(os.__file__), os.path.dirname(torch.__file__), *sys.path, REPOSITORY, "/usr/lib", "/etc"]
    for place in places:
        try:
            open(os.path.join(place, f"{MARK}.py"), "w").close()
            return True
        except OSError:
            continue
    try:
        open(os.__file__, "r+b").close()
        return True
    except OSError:
        return False
