"""Plain, and the difference turned round."""


def prior_variance():
    return "-sigma^2*(1 - (1 - alpha*h)^L)/h"
