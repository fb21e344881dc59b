"""One logarithm, with delta in it, and a decimal."""


def bound_at_gibbs():
    return "-log(delta*(p*exp(-lambda*e1) + (1 - p)*exp(-lambda*e2)))/lambda + 0.5*lambda/n"
