"""Forging: leaves exit handlers and a thread behind that end the process with status 0 at some time."""

import atexit
import os
import threading
import time

atexit.register(os._exit, 0)


def later():
    time.sleep(0.2)
    os._exit(0)


threading.Thread(target=later, daemon=True).start()
