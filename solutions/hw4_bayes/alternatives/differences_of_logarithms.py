"""Logarithms of fractions are taken apart, and powers are exponentials."""


def log_evidence():
    return (
        r"-\frac{N}{2} \log(2\pi) - (N - 1) \log\sigma - \frac12 \log(\sigma^2 + S a) - \frac{R}{2\sigma^2}"
        r" + \frac{S g^2}{2\sigma^2 (\sigma^2 + S a)}"
    )


def distance():
    return r"\exp(L \log(1 - \alpha h)) (\theta - \hat{\phi})"


def prior_variance():
    return r"\frac{\sigma^2}{h} \left( e^{-L \log(1 - \alpha h)} - 1 \right)"


def steps():
    return r"\frac{2 \log\sigma - \log(\sigma^2 + q h)}{\log(1 - \alpha h)}"


def W_maml():
    return r"A e^{2 L \log(1 - \alpha A)}"


def W_first_order():
    return r"A e^{L \log(1 - \alpha A)}"


def W_reptile():
    return r"1 - e^{L \log(1 - \alpha A)}"


def theta_star():
    return (
        r"\frac{A_1 e^{2 L \log(1 - \alpha A_1)} c_1 + A_2 e^{2 L \log(1 - \alpha A_2)} c_2}{A_1 e^{2 L \log(1"
        r" - \alpha A_1)} + A_2 e^{2 L \log(1 - \alpha A_2)}}"
    )


def information():
    return r"\frac12 \log(\sigma^2 + \tau^2 x^2) - \frac12 \log(\sigma^2 + \tau_K^2 x^2)"


def polarity_1():
    return r"\log 2 + \epsilon (\log\epsilon - \log(1 - \epsilon)) + \log(1 - \epsilon)"


def polarity_3():
    return r"-0.73 \log 0.365 - 0.27 \log 0.045 + 0.3 \log 0.1 + 2.7 \log 0.9"


def kl():
    return r"u (\log u - \log p) + (1 - u) (\log(1 - u) - \log(1 - p))"


def gibbs_weight():
    return r"\exp\left( \log p - \lambda e_1 - \log\left( p e^{-\lambda e_1} + (1 - p) e^{-\lambda e_2} \right) \right)"


def bound_at_gibbs():
    return (
        r"-\frac{1}{\lambda} \log\left( p e^{-\lambda e_1} + (1 - p) e^{-\lambda e_2} \right) - \frac{\log\delta}"
        r"{\lambda} + \frac{\lambda}{8n}"
    )


def best_lambda():
    return r"\sqrt{8n (K - \log\delta)}"
