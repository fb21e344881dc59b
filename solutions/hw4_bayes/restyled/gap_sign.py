"""The first factor turned round."""


def gap():
    return r"\frac{2 (b - 1) (\tau^2 - b (\tau^2 + v))}{T}"
