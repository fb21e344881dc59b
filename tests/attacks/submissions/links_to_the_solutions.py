"""Reading: makes hard and symbolic links to the secret files in its scratch folder and reads those."""

import os


def attack() -> bool:
    made = []
    for number, path in enumerate((*CANARIES, *SOLUTION_FILES)):
        for make in (os.link, os.symlink):
            name = os.path.join(os.getcwd(), f"{MARK}{make.__name__}{number}")
            try:
                make(path, name)
            except OSError:
                continue
            made.append(name)
    return holds_secret(*made)
