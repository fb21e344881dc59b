"""Reading: opens a file that anybody on the machine may read, one of the grader's own, and another submission."""


def attack() -> bool:
    return holds_secret(*CANARIES)
