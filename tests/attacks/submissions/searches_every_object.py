"""Reading: goes through all objects that Python knows, for a text of the reference or of another submission."""

import gc
import sys


def attack() -> bool:
    gc.unfreeze() if hasattr(gc, "unfreeze") else None
    pending = [*gc.get_objects(), *sys.modules.values()]
    for thing in pending:
        members = gc.get_referents(thing)
        if any(type(x) in (str, bytes) and tells_secret(x[: 10**6]) for x in members[:20_000]):
            return True
    return False
