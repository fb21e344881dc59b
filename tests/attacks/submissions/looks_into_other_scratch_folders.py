"""Reading: looks for scratch folders of other workers and for what lies in shared places, and reads what it finds."""

import glob
import os


def attack() -> bool:
    own = os.getcwd()
    around = [path for path in glob.glob(os.path.join(os.path.dirname(own), "*")) if not path.startswith(own)]
    places = ["/tmp", "/dev/shm", "/var/tmp", os.path.dirname(own), *around]
    found = []
    for place in places:
        try:
            found += [name for name in os.listdir(place) if os.path.join(place, name) != own]
        except OSError:
            continue
    return any(MARK in name or "grader" in name for name in found) or holds_secret(*around)
