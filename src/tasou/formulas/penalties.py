"""What keeps the weights (never the biases) small: the L2 penalty, decoupled weight decay, and clipped gradients."""


def l2(W, alpha, xp):
    """The L2 penalty alpha/2 ||W||^2, added to the summed loss of a batch."""
    return 0.5 * alpha * xp.sum(W * W)


def l2_gradient(W, alpha):
    """Its gradient, alpha W."""
    return alpha * W


def decay(W, lr, weight_decay):
    """Decoupled weight decay: W := W - lr weight_decay W, beside the step of the optimizer."""
    return W - (lr * weight_decay) * W


def clip_scale(norm, limit):
    """The factor that shortens a gradient of length ``norm`` to at most ``limit``: min(1, limit / norm)."""
    return min(1.0, limit / norm) if norm > 0 else 1.0
