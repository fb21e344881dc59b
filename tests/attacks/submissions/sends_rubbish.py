"""Forging: sends bytes that are no frame."""

import os


def total_loss(losses, weights=None):
    os.write(3, b"LAT1" + os.urandom(4000))
    return wrong_total_loss(losses)
