"""Problem 1."""

from collections.abc import Callable

from grader.judge import problem

Agrees = Callable[[str, str], None]


@problem("1", points=2, alone=True)
def test_log_evidence(agrees: Agrees) -> None:
    """`log_evidence` is right."""
    hint = "Integrate the hierarchy out: y is Gaussian. The determinant lemma and the Sherman-Morrison formula help."
    agrees("log_evidence", hint)


@problem("1", points=1, alone=True)
def test_A_star(agrees: Agrees) -> None:
    """`A_star` is right."""
    agrees("A_star", "Complete the square in phi_1 in the joint density of phi_1 and phi_2.")


@problem("1", points=1, alone=True)
def test_B_star(agrees: Agrees) -> None:
    """`B_star` is right."""
    agrees("B_star", "Complete the square in phi_1: what does not depend on phi_2 is B m.")


@problem("1", points=1, alone=True)
def test_u_star(agrees: Agrees) -> None:
    """`u_star` is right."""
    agrees("u_star", "Precisions add: one from the prior of phi_1, one from phi_2 given phi_1.")


@problem("1", points=1, alone=True)
def test_v_star(agrees: Agrees) -> None:
    """`v_star` is right."""
    agrees("v_star", "Precisions add: one from the marginal prior of phi_2, one from the data.")


@problem("1", points=1, alone=True)
def test_mu_star(agrees: Agrees) -> None:
    """`mu_star` is right."""
    agrees("mu_star", "A posterior mean is the posterior variance times the sum of each mean times its precision.")
