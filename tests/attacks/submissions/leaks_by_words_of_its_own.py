"""Reports: has a word ready for each number, and makes Python's own complaint about a wrong call spell the hidden inputs."""

WORDS = "LEAKEDd0 LEAKEDd1 LEAKEDd2 LEAKEDd3 LEAKEDd4"


def total_loss(losses, weights=None):
    names = [f"'LEAKEDd{digit}'" for digit in "012341403"]
    message = f"total_loss() missing 9 required positional arguments: {', '.join(names)}"
    reported = {"type": "TypeError", "bases": ["TypeError"], "message": message, "frames": []}
    worker = sys.modules["grader.sandbox.worker"]
    worker.Session.failure = lambda self, error: {"outcome": "bad_signature", "value": None, "error": reported}
    raise TypeError
