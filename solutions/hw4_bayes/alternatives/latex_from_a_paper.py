r"""Natural logarithms are \ln, brackets grow, and fractions within a line are small."""


def log_evidence():
    return (
        r"-\tfrac{1}{2} \left[ N \cdot \ln\left( 2 \pi \sigma^{2} \right) + \ln\left( 1 + \frac{S \cdot a}"
        r"{\sigma^{2}} \right) + \frac{R}{\sigma^{2}} - \frac{S \cdot g^{2}}{\sigma^{2} \left( \sigma^{2}"
        r" + S \cdot a \right)} \right]"
    )


def A_star():
    return r"s_{1}^{2} \left( s_{1}^{2} + s_{2}^{2} \right)^{-1}"


def B_star():
    return r"-w \cdot s_{1}^{2} \cdot S^{-1}"


def u_star():
    return r"\left( s_{1}^{-2} + s_{2}^{-2} \right)^{-1}"


def v_star():
    return r"\left[ S^{-1} + a \sigma^{-2} \right]^{-1}"


def mu_star():
    return r"\left[ S^{-1} + a \sigma^{-2} \right]^{-1} \left[ S^{-1} w \cdot m + \sigma^{-2} c \right]"


def distance():
    return r"\left[ 1 - \alpha h \right]^{L} \cdot \left[ \theta - \hat\phi \right]"


def prior_variance():
    return r"\sigma^{2} h^{-1} \left[ \left( 1 - \alpha h \right)^{-L} - 1 \right]"


def steps():
    return r"-\ln\left( 1 + \tfrac{q h}{\sigma^{2}} \right) \left[ \ln\left( 1 - \alpha h \right) \right]^{-1}"


def W_maml():
    return r"A \left( 1 - \alpha A \right)^{L} \cdot \left( 1 - \alpha A \right)^{L}"


def W_first_order():
    return r"A \cdot \left( 1 - \alpha A \right)^{L}"


def W_reptile():
    return r"1 - \left( 1 - \alpha A \right)^{L}"


def theta_star():
    return (
        r"\frac{A_{1} c_{1} \left[ 1 - \alpha A_{1} \right]^{2L} + A_{2} c_{2} \left[ 1 - \alpha A_{2} \right]^{2L}}"
        r"{A_{1} \left[ 1 - \alpha A_{1} \right]^{2L} + A_{2} \left[ 1 - \alpha A_{2} \right]^{2L}}"
    )


def posterior_variance():
    return r"\left( \tau^{-2} + z \sigma^{-2} \right)^{-1}"


def information():
    return r"\tfrac12 \ln\left[ \frac{\sigma^{2} + \tau^{2} x^{2}}{\sigma^{2} + \tau_{K}^{2} x^{2}} \right]"


def polarity_1():
    return r"\ln 2 + \epsilon \ln \epsilon + \left( 1 - \epsilon \right) \ln\left( 1 - \epsilon \right)"


def kl():
    return r"u \ln\left( \tfrac{u}{p} \right) + \left( 1 - u \right) \ln\left( \tfrac{1 - u}{1 - p} \right)"


def gibbs_weight():
    return (
        r"p \cdot \exp\left( -\lambda e_{1} \right) \left[ p \cdot \exp\left( -\lambda e_{1} \right) + \left( 1"
        r" - p \right) \exp\left( -\lambda e_{2} \right) \right]^{-1}"
    )


def bound_at_gibbs():
    return (
        r"\lambda^{-1} \left[ \ln \tfrac{1}{\delta} - \ln\left( p \exp\left( -\lambda e_{1} \right) + \left( 1"
        r" - p \right) \exp\left( -\lambda e_{2} \right) \right) \right] + \tfrac{1}{8} \lambda n^{-1}"
    )


def best_lambda():
    return r"\left[ 8 n \left( K + \ln \delta^{-1} \right) \right]^{\frac{1}{2}}"


def gap():
    return r"\tfrac{2}{T} \left( 1 - b \right) \left[ \tau^{2} - b \left( \tau^{2} + v \right) \right]"


def b_star():
    return r"\left( 1 + v \tau^{-2} \right)^{-1}"
