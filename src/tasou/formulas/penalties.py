"""What keeps the weights (never the biases) small: the L2 penalty, decoupled weight decay, and clipped gradients."""


def l2(W, alpha, xp):
    """The L2 penalty alpha/2 ||W||^2, added to the summed loss of a batch."""
    return 0.5 * alpha * xp.sum(W * W)


def l1(W, alpha, xp):
    """The L1 penalty alpha sum |W|."""
    return alpha * xp.sum(xp.abs(W))


def l2_gradient(W, alpha):
    """Its gradient, alpha W."""
    return alpha * W


def decay(W, lr, weight_decay):
    """Decoupled weight decay: W := W - lr weight_decay W, beside the step of the optimizer."""
    return W - (lr * weight_decay) * W


def cumulative_l1(w, q, u, xp):
    """The L1 penalty of single-sample steps: w moves towards 0 by what is due, u, less what it has paid, q.

    It stops at 0. u is the penalty a weight could have received so far, q what it has received (with its sign);
    returns the new w and q (Tsuruoka, Tsujii & Ananiadou 2009).
    """
    paid = xp.where(w > 0, xp.maximum(0, w - (u + q)), xp.where(w < 0, xp.minimum(0, w + (u - q)), w))
    return paid, q + (paid - w)


def clip_scale(norm, limit):
    """The factor that shortens a gradient of length ``norm`` to at most ``limit``: min(1, limit / norm)."""
    return min(1.0, limit / norm) if norm > 0 else 1.0
