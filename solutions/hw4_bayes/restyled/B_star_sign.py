"""Plain, and with the fraction within the bracket."""


def B_star():
    return "w*(1 - s2^2/(s1^2 + s2^2))"
