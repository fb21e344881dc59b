"""Greek letters and squares are Unicode characters."""


def log_evidence():
    return "-1/2 * (N*log(2*π*σ²) + log(1 + S*a/σ²) + R/σ² - S*g²/(σ² * (σ² + S*a)))"


def A_star():
    return "s1²/(s1² + s2²)"


def B_star():
    return "-w*s1²/(s1² + s2²)"


def u_star():
    return "s1²*s2²/S"


def v_star():
    return "S*σ²/(σ² + a*S)"


def mu_star():
    return "(w*m*σ² + c*S)/(σ² + a*S)"


def distance():
    return "(1 - α*h)^L * (θ - phihat)"


def prior_variance():
    return "σ² * ((1 - α*h)^(-L) - 1) / h"


def steps():
    return "log(1 + q*h/σ²) / log(1/(1 - α*h))"


def W_maml():
    return "A * (1 - α*A)^(2*L)"


def W_first_order():
    return "A * (1 - α*A)^L"


def W_reptile():
    return "1 - (1 - α*A)^L"


def theta_star():
    return "(c1*A1*(1 - α*A1)^(2*L) + c2*A2*(1 - α*A2)^(2*L)) / (A1*(1 - α*A1)^(2*L) + A2*(1 - α*A2)^(2*L))"


def posterior_variance():
    return "τ²*σ²/(σ² + z*τ²)"


def information():
    return "log((σ² + τ²*x²)/(σ² + τ_K²*x²))/2"


def polarity_1():
    return "log(2) + ε*log(ε) + (1 - ε)*log(1 - ε)"


def gibbs_weight():
    return "p*exp(-λ*e1)/(p*exp(-λ*e1) + (1 - p)*exp(-λ*e2))"


def bound_at_gibbs():
    return "(log(1/δ) - log(p*exp(-λ*e1) + (1 - p)*exp(-λ*e2)))/λ + λ/(8*n)"


def best_lambda():
    return "sqrt(8*n*(K + log(1/δ)))"


def R_test():
    return "(1 - b)²*τ² + b²*v + (1 - b)²*(τ² + v)/T"


def R_train():
    return "(1 - b)²*τ² + b²*v + (1 - b)²*(τ² + v)/T - 2*(1 - b)*(τ² - b*(τ² + v))/T"


def gap():
    return "2*(1 - b)*(τ² - b*(τ² + v))/T"


def b_star():
    return "τ²/(τ² + v)"
