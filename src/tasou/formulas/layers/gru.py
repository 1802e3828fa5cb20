"""The gates of a gated recurrent unit (Cho et al. 2014), and their way back.

x stands for W x[t] + b, the part of the input; h for what comes from the state before. The reset gate is applied behind
the product of the state with its weights, as in cuDNN, PyTorch and ONNX (``linear_before_reset``); in the paper it is
applied to the state before the product.
"""

from tasou.formulas.activations.sigmoid import f as sigmoid


def gate(x, h, xp):
    """r[t], k[t] = σ(W x[t] + U h[t-1] + b): how much of the old state is read, and how much of it is kept."""
    return sigmoid(x + h, xp)


def candidate(x, h, r, xp):
    """c[t] = tanh(W x[t] + b + r[t] ⊙ (U h[t-1] + b_h)): the new state that is proposed."""
    return xp.tanh(x + r * h)


def state(k, c, before, xp):
    """h[t] = k[t] ⊙ h[t-1] + (1 - k[t]) ⊙ c[t]."""
    return k * before + (1 - k) * c


def candidate_error(g, k, c, xp):
    """∂L/∂(what stands in the tanh) = ∂L/∂h[t] ⊙ (1 - k[t]) ⊙ (1 - c[t]²)."""
    return g * (1 - k) * (1 - c * c)


def keep_error(g, k, c, before, xp):
    """∂L/∂(what stands in the σ of k) = ∂L/∂h[t] ⊙ (h[t-1] - c[t]) ⊙ k[t] (1 - k[t])."""
    return g * (before - c) * k * (1 - k)


def reset_error(delta_c, h, r, xp):
    """∂L/∂(what stands in the σ of r) = δ_c ⊙ (U h[t-1] + b_h) ⊙ r[t] (1 - r[t])."""
    return delta_c * h * r * (1 - r)
