"""One fraction."""


def prior_variance():
    return r"\frac{1 - (1 - \alpha h)^L}{h (1 - \alpha h)^L}"
