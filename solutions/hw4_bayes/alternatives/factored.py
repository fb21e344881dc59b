"""Common factors stand in front, and shrinkage is written as a step from the prior mean."""


def log_evidence():
    return (
        r"-\frac12 \left[ N \log(2\pi\sigma^2) + \log\frac{\sigma^2 + S a}{\sigma^2} + \frac{1}{\sigma^2} \left( R"
        r" - \frac{S g^2}{\sigma^2 + S a} \right) \right]"
    )


def A_star():
    return r"1 - \frac{s_2^2}{S}"


def B_star():
    return r"-w \left( 1 - \frac{s_2^2}{S} \right)"


def u_star():
    return r"s_1^2 \left( 1 - \frac{s_1^2}{S} \right)"


def v_star():
    return r"S \left( 1 - \frac{S a}{\sigma^2 + S a} \right)"


def mu_star():
    return r"w m + \frac{S (c - a w m)}{\sigma^2 + S a}"


def distance():
    return r"-(\hat{\phi} - \theta) (1 - \alpha h)^L"


def prior_variance():
    return r"\frac{\sigma^2 \left( 1 - (1 - \alpha h)^L \right)}{h (1 - \alpha h)^L}"


def W_maml():
    return r"A \left( (1 - \alpha A)^L \right)^2"


def W_reptile():
    return r"-\left( (1 - \alpha A)^L - 1 \right)"


def theta_star():
    return r"c_1 + \frac{A_2 (1 - \alpha A_2)^{2L} (c_2 - c_1)}{A_1 (1 - \alpha A_1)^{2L} + A_2 (1 - \alpha A_2)^{2L}}"


def posterior_variance():
    return r"\tau^2 \left( 1 - \frac{\tau^2 z}{\sigma^2 + \tau^2 z} \right)"


def gibbs_weight():
    return r"\frac{p}{p + (1 - p) e^{\lambda (e_1 - e_2)}}"


def bound_at_gibbs():
    return (
        r"e_1 - \frac{1}{\lambda} \left( \log\left( p + (1 - p) e^{\lambda (e_1 - e_2)} \right) + \log\delta \right)"
        r" + \frac{\lambda}{8n}"
    )


def best_lambda():
    return r"2 \sqrt{2n (K - \log\delta)}"


def R_test():
    return r"(1 - b)^2 \left( \tau^2 + \frac{\tau^2 + v}{T} \right) + b^2 v"


def R_train():
    return r"(1 - b)^2 \tau^2 \left( 1 - \frac{1}{T} \right) + v \left( b^2 + \frac{(1 - b)(1 + b)}{T} \right)"


def gap():
    return r"2 (1 - b) \frac{(1 - b) \tau^2 - b v}{T}"


def b_star():
    return r"1 - \frac{v}{\tau^2 + v}"
