"""Proof that an assignment's checks are sound: what must earn everything, what must earn nothing, what must lose where."""
