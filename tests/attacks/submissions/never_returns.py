"""Exhaustion: loops without end in Python."""

import time

end = time.time() + 60
while time.time() < end:
    pass
