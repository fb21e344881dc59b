"""Reading: opens the reference and the hidden checks where they lie."""


def attack() -> bool:
    return holds_secret(*SOLUTION_FILES)
