"""Forging: removes the probes, or says that there are none, so that the missing answer looks like the grader's fault."""

import sys


def total_loss(losses, weights=None):
    probes = sys.modules["probes"]
    for name in ("total_loss", "total_loss_gradient"):
        if hasattr(probes, name):
            delattr(probes, name)
    return wrong_total_loss(losses)
