"""Over one denominator, with S written out."""


def v_star():
    return r"\frac{(s_1^2 + s_2^2) a + \sigma^2}{a}"
