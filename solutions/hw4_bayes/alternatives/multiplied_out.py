"""Brackets are multiplied out, and no fraction stands within another."""


def log_evidence():
    return (
        r"-\frac{N}{2} \log(2\pi\sigma^2) - \frac12 \log\left(1 + \frac{S a}{\sigma^2}\right) - \frac{R}{2\sigma^2}"
        r" + \frac{S g^2}{2\sigma^4 + 2 S a \sigma^2}"
    )


def A_star():
    return r"\frac{s_1^2}{s_1^2 + s_2^2}"


def u_star():
    return r"\frac{s_1^2 s_2^2}{s_1^2 + s_2^2}"


def v_star():
    return r"\frac{s_1^2 \sigma^2 + s_2^2 \sigma^2}{\sigma^2 + a s_1^2 + a s_2^2}"


def mu_star():
    return r"\frac{\sigma^2 w m + s_1^2 c + s_2^2 c}{\sigma^2 + s_1^2 a + s_2^2 a}"


def distance():
    return r"\theta (1 - \alpha h)^L - \hat{\phi} (1 - \alpha h)^L"


def prior_variance():
    return r"\frac{\sigma^2}{h (1 - \alpha h)^L} - \frac{\sigma^2}{h}"


def W_maml():
    return r"A (1 - 2 \alpha A + \alpha^2 A^2)^L"


def W_first_order():
    return r"A (1 - \alpha A)^{L - 1} - \alpha A^2 (1 - \alpha A)^{L - 1}"


def theta_star():
    return (
        r"\frac{A_1 c_1 (1 - 2 \alpha A_1 + \alpha^2 A_1^2)^L + A_2 c_2 (1 - 2 \alpha A_2 + \alpha^2 A_2^2)^L}{A_1 (1"
        r" - 2 \alpha A_1 + \alpha^2 A_1^2)^L + A_2 (1 - 2 \alpha A_2 + \alpha^2 A_2^2)^L}"
    )


def posterior_variance():
    return r"\frac{\sigma^2 \tau^2}{\sigma^2 + \tau^2 z}"


def polarity_1():
    return r"\log 2 + \epsilon \log\epsilon + \log(1 - \epsilon) - \epsilon \log(1 - \epsilon)"


def kl():
    return r"u \log u - u \log p + \log(1 - u) - u \log(1 - u) - \log(1 - p) + u \log(1 - p)"


def gibbs_weight():
    return r"\frac{p e^{-\lambda e_1}}{p e^{-\lambda e_1} + e^{-\lambda e_2} - p e^{-\lambda e_2}}"


def bound_at_gibbs():
    return (
        r"-\frac{1}{\lambda} \log\left(p e^{-\lambda e_1} + e^{-\lambda e_2} - p e^{-\lambda e_2}\right) - \frac{1}"
        r"{\lambda} \log\delta + \frac{\lambda}{8n}"
    )


def best_lambda():
    return r"\sqrt{8 n K + 8 n \log\frac{1}{\delta}}"


def R_test():
    return r"\tau^2 - 2 b \tau^2 + b^2 \tau^2 + b^2 v + \frac{\tau^2 + v - 2 b \tau^2 - 2 b v + b^2 \tau^2 + b^2 v}{T}"


def R_train():
    return r"\tau^2 - 2 b \tau^2 + b^2 \tau^2 + b^2 v + \frac{v - \tau^2 + 2 b \tau^2 - b^2 \tau^2 - b^2 v}{T}"


def gap():
    return r"\frac{2 \tau^2}{T} - \frac{4 b \tau^2}{T} - \frac{2 b v}{T} + \frac{2 b^2 \tau^2}{T} + \frac{2 b^2 v}{T}"
