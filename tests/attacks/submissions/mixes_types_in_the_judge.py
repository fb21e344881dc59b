"""Values: answers where a check sorts, counts or unpacks with values that cannot be sorted, counted or unpacked."""

import itertools


def union(datasets, generator):
    probes = sys.modules["probes"]
    odd = itertools.cycle([[[0, {"a": 1}], [0, None]], [[[0, []]] * 5] * 5, "text", None, 3, [[float("nan")] * 2], {"a": 1}])
    probes.union_epochs = probes.union_orders = probes.joint_batches = lambda **question: next(odd)
    yield 0, next(odd)
