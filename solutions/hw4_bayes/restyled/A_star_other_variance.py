"""The other share, as one minus the first."""


def A_star():
    return r"1 - \frac{s_1^2}{s_1^2 + s_2^2}"
