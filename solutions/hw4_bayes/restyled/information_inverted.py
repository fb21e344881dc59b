"""A difference of logarithms, the smaller first."""


def information():
    return r"\tfrac12 \ln(\sigma^2 + \tau_K^2 x^2) - \tfrac12 \ln(\sigma^2 + \tau^2 x^2)"
