"""Over one denominator."""


def mu_star():
    return r"\frac{S c}{\sigma^2 + S a}"
