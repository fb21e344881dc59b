"""A square in place of 2L."""


def W_first_order():
    return r"A \left[ (1 - \alpha A)^L \right]^2"
