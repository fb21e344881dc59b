"""Reports: returns a dictionary whose keys and texts are hostile to whoever shows what came."""

HOSTILE = "\x1b[2J\x1b]0;x\x07<img src=x>[red]\u202e\u2028=HYPERLINK('x')\n\n  passed"


def total_loss(losses, weights=None):
    return {HOSTILE: HOSTILE, "=cmd": [HOSTILE] * 1000, HOSTILE * 1000: 1.0}
