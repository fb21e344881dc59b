"""Sums of logarithms become one logarithm, and quotients of powers become powers of quotients."""


def log_evidence():
    return (
        r"\log\frac{\sigma}{\sqrt{\sigma^2 + S a}} - N \log\left( \sigma \sqrt{2\pi} \right) - \frac{1}"
        r"{2\sigma^2} \left( R - \frac{S g^2}{\sigma^2 + S a} \right)"
    )


def prior_variance():
    return r"\frac{\sigma^2}{h} \left( \left( \frac{1}{1 - \alpha h} \right)^L - 1 \right)"


def steps():
    return r"\frac{\log\frac{\sigma^2 + q h}{\sigma^2}}{\log\frac{1}{1 - \alpha h}}"


def theta_star():
    return (
        r"\frac{c_1 + c_2 \frac{A_2}{A_1} \left( \frac{1 - \alpha A_2}{1 - \alpha A_1} \right)^{2L}}{1 + \frac{A_2}"
        r"{A_1} \left( \frac{1 - \alpha A_2}{1 - \alpha A_1} \right)^{2L}}"
    )


def information():
    return r"\log\sqrt{\frac{\sigma^2 + \tau^2 x^2}{\sigma^2 + \tau_K^2 x^2}}"


def polarity_1():
    return r"\epsilon \log(2\epsilon) + (1 - \epsilon) \log(2 (1 - \epsilon))"


def polarity_3():
    return (
        r"0.73 \left( \log 2 + \frac{1}{730} \log\frac{1}{730} + \frac{729}{730} \log\frac{729}{730} \right)"
        r" + 0.27 \left( \log 2 + 0.1 \log 0.1 + 0.9 \log 0.9 \right)"
    )


def kl():
    return r"u \log\frac{u (1 - p)}{p (1 - u)} + \log\frac{1 - u}{1 - p}"


def gibbs_weight():
    return r"\frac{1}{1 + \frac{1 - p}{p} e^{\lambda (e_1 - e_2)}}"


def bound_at_gibbs():
    return (
        r"\frac{1}{\lambda} \log\frac{1}{\delta \left( p e^{-\lambda e_1} + (1 - p) e^{-\lambda e_2} \right)}"
        r" + \frac{\lambda}{8n}"
    )


def b_star():
    return r"\frac{1}{1 + \frac{v}{\tau^2}}"
