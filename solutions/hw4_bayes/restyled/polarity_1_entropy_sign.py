"""With the logarithms of inverses."""


def polarity_1():
    return r"\log 2 + \epsilon \log\frac{1}{\epsilon} + (1 - \epsilon) \log\frac{1}{1 - \epsilon}"
