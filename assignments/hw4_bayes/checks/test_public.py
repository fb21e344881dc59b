"""Public checks: whether each answer can be read. They never say whether it is right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.judge import Ask, check_that, problem

Legible = Callable[[str], None]


@pytest.fixture
def legible(ask: Ask, assignment_folder: Path) -> Legible:
    """A function that ends the check unless an answer can be read."""
    declared = (assignment_folder / "declared.toml").read_text(encoding="utf-8")

    def check(answer: str) -> None:
        complaint = ask("complaint", answer=answer, declared=declared).value
        check_that(not complaint, came="", expected="", summary=complaint)

    return check


@problem("1", visibility="public")
def test_log_evidence_can_be_read(legible: Legible) -> None:
    """`log_evidence` can be read."""
    legible("log_evidence")


@problem("1", visibility="public")
def test_A_star_can_be_read(legible: Legible) -> None:
    """`A_star` can be read."""
    legible("A_star")


@problem("1", visibility="public")
def test_B_star_can_be_read(legible: Legible) -> None:
    """`B_star` can be read."""
    legible("B_star")


@problem("1", visibility="public")
def test_u_star_can_be_read(legible: Legible) -> None:
    """`u_star` can be read."""
    legible("u_star")


@problem("1", visibility="public")
def test_v_star_can_be_read(legible: Legible) -> None:
    """`v_star` can be read."""
    legible("v_star")


@problem("1", visibility="public")
def test_mu_star_can_be_read(legible: Legible) -> None:
    """`mu_star` can be read."""
    legible("mu_star")


@problem("2", visibility="public")
def test_distance_can_be_read(legible: Legible) -> None:
    """`distance` can be read."""
    legible("distance")


@problem("2", visibility="public")
def test_prior_variance_can_be_read(legible: Legible) -> None:
    """`prior_variance` can be read."""
    legible("prior_variance")


@problem("2", visibility="public")
def test_steps_can_be_read(legible: Legible) -> None:
    """`steps` can be read."""
    legible("steps")


@problem("3", visibility="public")
def test_W_maml_can_be_read(legible: Legible) -> None:
    """`W_maml` can be read."""
    legible("W_maml")


@problem("3", visibility="public")
def test_W_first_order_can_be_read(legible: Legible) -> None:
    """`W_first_order` can be read."""
    legible("W_first_order")


@problem("3", visibility="public")
def test_W_reptile_can_be_read(legible: Legible) -> None:
    """`W_reptile` can be read."""
    legible("W_reptile")


@problem("3", visibility="public")
def test_theta_star_can_be_read(legible: Legible) -> None:
    """`theta_star` can be read."""
    legible("theta_star")


@problem("4", visibility="public")
def test_posterior_variance_can_be_read(legible: Legible) -> None:
    """`posterior_variance` can be read."""
    legible("posterior_variance")


@problem("4", visibility="public")
def test_information_can_be_read(legible: Legible) -> None:
    """`information` can be read."""
    legible("information")


@problem("4", visibility="public")
def test_polarity_1_can_be_read(legible: Legible) -> None:
    """`polarity_1` can be read."""
    legible("polarity_1")


@problem("4", visibility="public")
def test_polarity_3_can_be_read(legible: Legible) -> None:
    """`polarity_3` can be read."""
    legible("polarity_3")


@problem("5", visibility="public")
def test_kl_can_be_read(legible: Legible) -> None:
    """`kl` can be read."""
    legible("kl")


@problem("5", visibility="public")
def test_gibbs_weight_can_be_read(legible: Legible) -> None:
    """`gibbs_weight` can be read."""
    legible("gibbs_weight")


@problem("5", visibility="public")
def test_bound_at_gibbs_can_be_read(legible: Legible) -> None:
    """`bound_at_gibbs` can be read."""
    legible("bound_at_gibbs")


@problem("5", visibility="public")
def test_best_lambda_can_be_read(legible: Legible) -> None:
    """`best_lambda` can be read."""
    legible("best_lambda")


@problem("6", visibility="public")
def test_R_test_can_be_read(legible: Legible) -> None:
    """`R_test` can be read."""
    legible("R_test")


@problem("6", visibility="public")
def test_R_train_can_be_read(legible: Legible) -> None:
    """`R_train` can be read."""
    legible("R_train")


@problem("6", visibility="public")
def test_gap_can_be_read(legible: Legible) -> None:
    """`gap` can be read."""
    legible("gap")


@problem("6", visibility="public")
def test_b_star_can_be_read(legible: Legible) -> None:
    """`b_star` can be read."""
    legible("b_star")
