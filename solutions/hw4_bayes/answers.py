"""HW4: closed-form answers. Students hand them in as `answers.md`; each function here gives one of them."""

# ---------------------------------------------------------------------------------------------------------------------
# Problem 1: the evidence of a hierarchy


def log_evidence() -> str:
    r"""Problem 1. $\log p(Y \mid X, m)$. In `N`, `s1`, `s2`, `S`, `sigma`, `a`, `g`, `R`."""
    ### BEGIN SOLUTION
    return (
        r"-\frac12 \left[ N \log(2\pi\sigma^2) + \log(1 + S a/\sigma^2) + R/\sigma^2"
        r" - \frac{S g^2}{\sigma^2 (\sigma^2 + S a)} \right]"
    )
    ### END SOLUTION


def A_star() -> str:
    """Problem 1. $A$ where the bound is tight. In `s1`, `s2`, `S`."""
    ### BEGIN SOLUTION
    return r"\frac{s_1^2}{S}"
    ### END SOLUTION


def B_star() -> str:
    """Problem 1. $B$ where the bound is tight. In `w`, `s1`, `s2`, `S`."""
    ### BEGIN SOLUTION
    return r"-\frac{w s_1^2}{S}"
    ### END SOLUTION


def u_star() -> str:
    """Problem 1. $u$ where the bound is tight. In `s1`, `s2`, `S`."""
    ### BEGIN SOLUTION
    return r"\frac{s_1^2 s_2^2}{S}"
    ### END SOLUTION


def v_star() -> str:
    """Problem 1. $v$ where the bound is tight. In `s1`, `s2`, `S`, `sigma`, `a`."""
    ### BEGIN SOLUTION
    return r"\left( \frac{1}{S} + \frac{a}{\sigma^2} \right)^{-1}"
    ### END SOLUTION


def mu_star() -> str:
    r"""Problem 1. $\mu$ where the bound is tight. In `w`, `m`, `s1`, `s2`, `S`, `sigma`, `a`, `c`."""
    ### BEGIN SOLUTION
    return r"\left( \frac{1}{S} + \frac{a}{\sigma^2} \right)^{-1} \left( \frac{w m}{S} + \frac{c}{\sigma^2} \right)"
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 2: MAML as hierarchical Bayes


def distance() -> str:
    r"""Problem 2. $\phi_L - \hat\phi$ in one coordinate. In `alpha`, `h`, `L`, `theta`, `phihat`."""
    ### BEGIN SOLUTION
    return r"(1 - \alpha h)^L (\theta - \hat{\phi})"
    ### END SOLUTION


def prior_variance() -> str:
    """Problem 2. The prior variance $q$ that $L$ steps stand for. In `alpha`, `h`, `L`, `sigma`."""
    ### BEGIN SOLUTION
    return r"\frac{\sigma^2}{h} \left( (1 - \alpha h)^{-L} - 1 \right)"
    ### END SOLUTION


def steps() -> str:
    """Problem 2. The number of steps $L$ (a real number) that stands for the prior variance $q$.

    In `alpha`, `h`, `sigma`, `q`.
    """
    ### BEGIN SOLUTION
    return r"-\frac{\log(1 + q h/\sigma^2)}{\log(1 - \alpha h)}"
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 3: where meta-learners settle


def W_maml() -> str:
    """Problem 3. The weight $W$ of a task in MAML. In `A`, `alpha`, `L`."""
    ### BEGIN SOLUTION
    return r"A (1 - \alpha A)^{2L}"
    ### END SOLUTION


def W_first_order() -> str:
    """Problem 3. The weight $W$ of a task in first-order MAML. In `A`, `alpha`, `L`."""
    ### BEGIN SOLUTION
    return r"A (1 - \alpha A)^L"
    ### END SOLUTION


def W_reptile() -> str:
    """Problem 3. The weight $W$ of a task in Reptile. In `A`, `alpha`, `L`."""
    ### BEGIN SOLUTION
    return r"1 - (1 - \alpha A)^L"
    ### END SOLUTION


def theta_star() -> str:
    """Problem 3. Where MAML settles for two tasks that come equally often. In `A1`, `A2`, `c1`, `c2`, `alpha`, `L`."""
    ### BEGIN SOLUTION
    return (
        r"\frac{A_1 (1 - \alpha A_1)^{2L} c_1 + A_2 (1 - \alpha A_2)^{2L} c_2}"
        r"{A_1 (1 - \alpha A_1)^{2L} + A_2 (1 - \alpha A_2)^{2L}}"
    )
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 4: memorisation as mutual information


def posterior_variance() -> str:
    r"""Problem 4. $\tau_K^2$. In `tau`, `sigma`, `z`."""
    ### BEGIN SOLUTION
    return r"\left( \frac{1}{\tau^2} + \frac{z}{\sigma^2} \right)^{-1}"
    ### END SOLUTION


def information() -> str:
    r"""Problem 4. $I(y_*; D \mid x_*)$ in nats. In `tau`, `tauK`, `sigma`, `x`."""
    ### BEGIN SOLUTION
    return r"\frac12 \log \frac{\sigma^2 + \tau^2 x^2}{\sigma^2 + \tau_K^2 x^2}"
    ### END SOLUTION


def polarity_1() -> str:
    """Problem 4. $I(b; D)$ in nats for $K = 1$. In `epsilon`."""
    ### BEGIN SOLUTION
    return r"\log 2 + \epsilon \log\epsilon + (1 - \epsilon) \log(1 - \epsilon)"
    ### END SOLUTION


def polarity_3() -> str:
    r"""Problem 4. $I(b; D)$ in nats for $K = 3$ and $\epsilon = 0.1$: a number, or an expression without symbols.

    Without symbols.
    """
    ### BEGIN SOLUTION
    return r"-0.73 \log 0.365 - 0.27 \log 0.045 + 0.3 \log 0.1 + 2.7 \log 0.9"
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 5: a PAC-Bayes bound for meta-learning


def kl() -> str:
    r"""Problem 5. $\mathrm{KL}(q \,\|\, r)$ for two hypotheses. In `u`, `p`."""
    ### BEGIN SOLUTION
    return r"u \log\frac{u}{p} + (1 - u) \log\frac{1 - u}{1 - p}"
    ### END SOLUTION


def gibbs_weight() -> str:
    """Problem 5. $q^*$ of the first hypothesis. In `p`, `e1`, `e2`, `lambda`."""
    ### BEGIN SOLUTION
    return r"\frac{p e^{-\lambda e_1}}{p e^{-\lambda e_1} + (1 - p) e^{-\lambda e_2}}"
    ### END SOLUTION


def bound_at_gibbs() -> str:
    """Problem 5. The value of the whole bound at $q^*$. In `p`, `e1`, `e2`, `lambda`, `n`, `delta`."""
    ### BEGIN SOLUTION
    return (
        r"-\frac{1}{\lambda} \log\left( p e^{-\lambda e_1} + (1 - p) e^{-\lambda e_2} \right)"
        r" + \frac{\log(1/\delta)}{\lambda} + \frac{\lambda}{8n}"
    )
    ### END SOLUTION


def best_lambda() -> str:
    r"""Problem 5. The $\lambda$ that makes the bound smallest for a given $q$. In `K`, `n`, `delta`."""
    ### BEGIN SOLUTION
    return r"\sqrt{8n \left( K + \log\frac{1}{\delta} \right)}"
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------------------------------
# Problem 6: the meta-overfitting gap


def R_test() -> str:
    """Problem 6. The risk on a new task. In `tau`, `v`, `b`, `T`."""
    ### BEGIN SOLUTION
    return r"(1 - b)^2 \tau^2 + b^2 v + \frac{(1 - b)^2 (\tau^2 + v)}{T}"
    ### END SOLUTION


def R_train() -> str:
    """Problem 6. The risk on the training tasks. In `tau`, `v`, `b`, `T`."""
    ### BEGIN SOLUTION
    return (
        r"(1 - b)^2 \tau^2 + b^2 v + \frac{(1 - b)^2 (\tau^2 + v)}{T}"
        r" - \frac{2 (1 - b) (\tau^2 - b (\tau^2 + v))}{T}"
    )
    ### END SOLUTION


def gap() -> str:
    r"""Problem 6. $R_\text{test} - R_\text{train}$. In `tau`, `v`, `b`, `T`."""
    ### BEGIN SOLUTION
    return r"\frac{2 (1 - b) \left( \tau^2 - b (\tau^2 + v) \right)}{T}"
    ### END SOLUTION


def b_star() -> str:
    """Problem 6. The $b$ at which the gap is 0 (not $b = 1$). In `tau`, `v`."""
    ### BEGIN SOLUTION
    return r"\frac{\tau^2}{\tau^2 + v}"
    ### END SOLUTION
