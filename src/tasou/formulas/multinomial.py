"""Multinomial logistic regression: L(W) = sum_i -v_i log p_i(y_i) + 1/2 sum_j lam_j |w_j|², p_i = softmax(W a_i).

The curvature of L is nowhere above 1/2 (I - 11ᵀ/K) ⊗ Aᵀ diag(v) A + I ⊗ diag(lam) (Böhning 1992). Where the classes'
gradients sum to 0, as they do from W = 0 on, that is 1/2 Aᵀ diag(v) A + diag(lam) for every class alike: one matrix for
all steps and classes. Steps by it lower L without a search; looking ahead makes them fewer (Nesterov 1983).
"""


def gradient(A, log_p, Y, W, xp, *, v, penalty):
    """(K, d): (P - Y)ᵀ diag(v) A + W diag(lam), of rows A (n, d), log p (n, K), one-hot Y (n, K) and W (K, d)."""
    return xp.matrix_transpose((xp.exp(log_p) - Y) * v[:, None]) @ A + penalty * W


def bound(squares, *, penalty):
    """(d,) the diagonal of 1/2 Aᵀ diag(v) A + diag(lam), of the ``squares`` on the diagonal of Aᵀ diag(v) A."""
    return 0.5 * squares + penalty


def momentum(t):
    """1/2 (1 + sqrt(1 + 4 t²)): the next t of an accelerated descent, which looks ahead by (t - 1) / next."""
    return 0.5 * (1 + (1 + 4 * t * t) ** 0.5)
