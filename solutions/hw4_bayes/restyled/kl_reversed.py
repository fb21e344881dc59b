"""Plain, with differences of logarithms."""


def kl():
    return "p*(log(p) - log(u)) + (1 - p)*(log(1 - p) - log(1 - u))"
