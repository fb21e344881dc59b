"""The answer's name stands in front, S is written out, and halves and eighths are decimals."""


def log_evidence():
    return (
        r"log_evidence = -0.5 N \log(2\pi\sigma^2) - 0.5 \log\left( 1 + \frac{(s_1^2 + s_2^2) a}{\sigma^2} \right)"
        r" - 0.5 \frac{R}{\sigma^2} + 0.5 \frac{(s_1^2 + s_2^2) g^2}{\sigma^2 (\sigma^2 + (s_1^2 + s_2^2) a)}"
    )


def A_star():
    return r"A_star = \frac{s_1^2}{s_1^2 + s_2^2}"


def B_star():
    return r"B_star = -\frac{w s_1^2}{s_1^2 + s_2^2}"


def u_star():
    return "u_star = 1/(1/s1^2 + 1/s2^2)"


def v_star():
    return "v_star = 1/(1/(s1^2 + s2^2) + a/sigma^2)"


def mu_star():
    return "mu_star = (sigma^2*w*m + (s1^2 + s2^2)*c)/(sigma^2 + (s1^2 + s2^2)*a)"


def distance():
    return r"distance = (\theta - \hat{\phi}) (1 - \alpha h)^L"


def prior_variance():
    return "prior_variance = sigma^2*((1 - alpha*h)^(-L) - 1)/h"


def steps():
    return "steps = -log((sigma^2 + q*h)/sigma^2)/log(1 - alpha*h)"


def W_maml():
    return r"W_maml = A (1 - \alpha A)^{2L}"


def W_first_order():
    return r"W_first_order = A (1 - \alpha A)^L"


def W_reptile():
    return r"W_reptile = 1 - (1 - \alpha A)^L"


def theta_star():
    return (
        "theta_star = (A1*(1 - alpha*A1)^(2*L)*c1 + A2*(1 - alpha*A2)^(2*L)*c2)/(A1*(1 - alpha*A1)^(2*L) + A2*(1"
        " - alpha*A2)^(2*L))"
    )


def posterior_variance():
    return r"posterior_variance = \frac{\tau^2}{1 + \tau^2 z/\sigma^2}"


def information():
    return r"information = 0.5 \log \frac{\sigma^2 + \tau^2 x^2}{\sigma^2 + \tau_K^2 x^2}"


def polarity_1():
    return r"polarity_1 = \log 2 + \epsilon \log\epsilon + (1 - \epsilon) \log(1 - \epsilon)"


def polarity_3():
    return "polarity_3 = 0.5978"


def kl():
    return "kl = u*log(u/p) + (1 - u)*log((1 - u)/(1 - p))"


def gibbs_weight():
    return "gibbs_weight = p/(p + (1 - p)*exp(lambda*(e1 - e2)))"


def bound_at_gibbs():
    return "bound_at_gibbs = -log(delta*(p*exp(-lambda*e1) + (1 - p)*exp(-lambda*e2)))/lambda + 0.125*lambda/n"


def best_lambda():
    return "best_lambda = (8*n*(K + log(1/delta)))^0.5"


def R_test():
    return "R_test = (1 - b)^2*(tau^2 + (tau^2 + v)/T) + b^2*v"


def R_train():
    return "R_train = (1 - b)^2*(tau^2 + (v - tau^2)/T) + b^2*v + 2*b*(1 - b)*v/T"


def gap():
    return "gap = (2/T)*(1 - b)*((1 - b)*tau^2 - b*v)"


def b_star():
    return "b_star = 1/(1 + v/tau^2)"
