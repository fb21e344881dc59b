"""Proof that an assignment's checks are sound: what must earn everything, what nothing, and what must lose where."""
