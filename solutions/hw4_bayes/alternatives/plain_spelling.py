"""Everything is typed as in a program, with * and /, and without LaTeX."""


def log_evidence():
    return "-1/2*(N*log(2*pi*sigma^2) + log(1 + S*a/sigma^2) + R/sigma^2 - S*g^2/(sigma^2*(sigma^2 + S*a)))"


def A_star():
    return "s1^2/(s1^2+s2^2)"


def B_star():
    return "-w*s1^2/(s1^2+s2^2)"


def u_star():
    return "s1^2*s2^2/(s1^2+s2^2)"


def v_star():
    return "1/(1/S + a/sigma^2)"


def mu_star():
    return "(w*m/S + c/sigma^2)/(1/S + a/sigma^2)"


def distance():
    return "(1-alpha*h)^L*(theta-phihat)"


def prior_variance():
    return "sigma^2/h*((1-alpha*h)^(-L) - 1)"


def steps():
    return "-log(1 + q*h/sigma^2)/log(1 - alpha*h)"


def W_maml():
    return "A*(1-alpha*A)^(2*L)"


def W_first_order():
    return "A*(1-alpha*A)^L"


def W_reptile():
    return "1-(1-alpha*A)^L"


def theta_star():
    return "(A1*(1-alpha*A1)^(2*L)*c1 + A2*(1-alpha*A2)^(2*L)*c2)/(A1*(1-alpha*A1)^(2*L) + A2*(1-alpha*A2)^(2*L))"


def posterior_variance():
    return "1/(1/tau^2 + z/sigma^2)"


def information():
    return "1/2*log((sigma^2 + tau^2*x^2)/(sigma^2 + tauK^2*x^2))"


def polarity_1():
    return "log(2) + epsilon*log(epsilon) + (1-epsilon)*log(1-epsilon)"


def polarity_3():
    return "0.5978"


def kl():
    return "u*log(u/p) + (1-u)*log((1-u)/(1-p))"


def gibbs_weight():
    return "p*exp(-lambda*e1)/(p*exp(-lambda*e1) + (1-p)*exp(-lambda*e2))"


def bound_at_gibbs():
    return "-log(p*exp(-lambda*e1) + (1-p)*exp(-lambda*e2))/lambda + log(1/delta)/lambda + lambda/(8*n)"


def best_lambda():
    return "sqrt(8*n*(K + log(1/delta)))"


def R_test():
    return "(1-b)^2*tau^2 + b^2*v + (1-b)^2*(tau^2+v)/T"


def R_train():
    return "(1-b)^2*tau^2*(1-1/T) + v*(b^2 + (1-b^2)/T)"


def gap():
    return "2*(1-b)*(tau^2 - b*(tau^2+v))/T"


def b_star():
    return "tau^2/(tau^2+v)"
