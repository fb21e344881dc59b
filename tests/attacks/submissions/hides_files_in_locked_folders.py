"""Exhaustion: keeps a hundred megabytes in a folder that it made without rights, where nobody can count them."""

import time

AT = "call"


def attack() -> bool:
    os.mkdir("locked", 0o700)
    for number in range(20):
        with open(f"locked/{MARK}{number}", "wb") as file:
            file.write(bytes(5 << 20))
    os.rename("locked", "moved")
    os.chmod("moved", 0)
    time.sleep(1)
    os.chmod("moved", 0o700)
    return sum(os.path.getsize(f"moved/{name}") for name in os.listdir("moved")) >= 100 << 20
