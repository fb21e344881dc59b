"""Taken apart, with the determinant's term as a fraction's logarithm."""


def log_evidence():
    return (
        r"-\frac{N}{2} \ln(2\pi\sigma^2) - \frac12 \ln\frac{\sigma^2}{\sigma^2 + S a} - \frac{R}{2\sigma^2}"
        r" + \frac{S g^2}{2\sigma^2 (\sigma^2 + S a)}"
    )
