"""Attention: every position asks all positions, and takes of each as much as its answer fits (Vaswani et al. 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.formulas.layers import attention
from tasou.layers import _sequences
from tasou.layers._card import Shape
from tasou.layers._record import Record
from tasou.layers._sequences import OverTime, step, steps
from tasou.layers._size import Size
from tasou.layers._written import Written


@dataclass(frozen=True)
class Attention(OverTime):
    """softmax(Q Kᵀ / √d) V with Q = X W_qᵀ, K = X W_kᵀ, V = X W_vᵀ: one head over a sequence X (time, features).

    Parameters
    ----------
    units
        d: how many numbers a query, a key and a value have
    causal
        whether a position sees only itself and what came before
    output
        "all": what every position gets, a sequence again; "last": only the last position asks

    The weights of a batch, one row of each matrix per position that asks, stand in ``trace[l].weights``.

    Raises
    ------
    TasouError
        numbers that make no layer

    Examples
    --------
    >>> Attention(4).shapes((10, 3))["W_q"].of, Attention(4).width((10, 3)), Attention(4, output="last").width((10, 3))
    ((4, 3), (10, 4), 4)
    """

    units: int
    causal: bool = False
    output: str = "all"
    latex: ClassVar[str] = r"\mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right) V"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Every position asks all positions and takes the mean of their values, weighted by how well their keys "
        "fit its query; where something stands does not matter.",
        "ja": "各位置がすべての位置に問い合わせ、クエリとキーが合う度合いを重みにして値の平均を受け取る。"
        "どこにあるかは問わない。",
    }

    @property
    def label(self) -> str:
        """``attention(8)``, or ``causal attention(8)``."""
        return f"{'causal ' if self.causal else ''}attention({self.units})"

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """W_q, W_k, W_v: (units, features), a row per number of a query, a key, a value."""
        _, features = _sequences.places(self, n)
        return {name: Shape((self.units, features), decays=True) for name in ("W_q", "W_k", "W_v")}

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """W_q, W_k, W_v as the initializer says."""
        for W in (p.W_q, p.W_k, p.W_v):
            _sequences.draw_blocks(W, 1, _sequences.suiting(init, "glorot_uniform"), rng)

    def asking(self, do: Verbs, t: Record, a: Any) -> Any:
        """The positions that ask, a row each: all, or the last of every sequence."""
        T, F = t.shape
        return step(do, a, T - 1, F) if self.output == "last" else steps(do, a, F)

    def matrices(self, do: Verbs, t: Record) -> tuple[Any, Any, Any]:
        """Queries, keys and values, a matrix (positions, d) for every sequence."""
        T, d = t.shape[0], self.units
        asking = 1 if self.output == "last" else T
        return do.reshaped(t.q, -1, asking, d), do.reshaped(t.k, -1, T, d), do.reshaped(t.v, -1, T, d)

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """Queries, keys, values; how well each key fits each query; the mean of the values, weighted by that."""
        rows = steps(do, a, t.shape[1])
        t.q = do.product(self.asking(do, t, a), p.W_q.T, into=t.q)
        t.k = do.product(rows, p.W_k.T, into=t.k)
        t.v = do.product(rows, p.W_v.T, into=t.v)
        Q, K, V = self.matrices(do, t)
        t.scores = do.product(Q, K.mT, into=t.scores)
        if self.causal and self.output == "all":
            seen = do.constant(np.tri(t.shape[0]), t.scores)
            formula = partial(attention.causal_weights, width=float(self.units))
            t.weights = do.apply(formula, t.scores, seen, into=t.weights)
        else:
            formula = partial(attention.weights, width=float(self.units))
            t.weights = do.apply(formula, t.scores, into=t.weights)
        t.answers = do.product(t.weights, V, into=t.answers)
        return do.reshaped(t.answers, -1, Q.shape[-2] * self.units)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """The errors of values, weights and scores, then of queries and keys, then the gradients."""
        Q, K, V = self.matrices(do, t)
        g = do.reshaped(g, -1, Q.shape[-2], self.units)
        t.v_error = do.product(t.weights.mT, g, into=t.v_error)
        t.weights_error = do.product(g, V.mT, into=t.weights_error)
        formula = partial(attention.score_error, width=float(self.units))
        t.delta = do.apply(formula, t.weights_error, t.weights, into=t.delta)
        t.q_error = do.product(t.delta, K, into=t.q_error)
        t.k_error = do.product(t.delta.mT, Q, into=t.k_error)
        rows = steps(do, a, t.shape[1])
        q, k, v = (steps(do, error, self.units) for error in (t.q_error, t.k_error, t.v_error))
        d.W_q = do.product(q.T, self.asking(do, t, a), into=d.W_q)
        d.W_k = do.product(k.T, rows, into=d.W_k)
        d.W_v = do.product(v.T, rows, into=d.W_v)
        return self.pass_back(do, p, t, q, k, v) if back else None

    def pass_back(self, do: Verbs, p: Any, t: Record, q: Any, k: Any, v: Any) -> Any:
        """∂L/∂x is the sum of three parts: x asks, x is asked, and x is what is taken."""
        T, F = t.shape
        t.asked = do.product(q, p.W_q, into=t.asked)
        t.fits = do.product(k, p.W_k, into=t.fits)
        t.taken = do.product(v, p.W_v, into=t.taken)
        t.taken = do.add(t.taken, t.fits, into=t.taken)
        back = do.reshaped(t.taken, -1, T * F)
        if self.output == "all":
            return do.add(back, do.reshaped(t.asked, -1, T * F), into=back)
        t.last = do.put(t.asked, np.arange((T - 1) * F, T * F), T * F, into=t.last)
        return do.add(back, t.last, into=back)

    # --- for the ledger ----------------------------------------------------------------------------------------------

    told: ClassVar[Mapping[str, str]] = {
        "q": "{in_q}",
        "k": "{in_k}",
        "v": "{in_v}",
        "scores": "{fit}",
        "weights": "{softmax}",
        "answers": "{taken}",
    }
    told_back: ClassVar[Mapping[str, str]] = {
        "v_error": "{to_v}",
        "weights_error": "{to_weights}",
        "delta": "{weights} * ({weights_error} - ({mean})) / {root}",
        "q_error": "{to_q}",
        "k_error": "{to_k}",
        "W_q": "{dW_q}",
        "W_k": "{dW_k}",
        "W_v": "{dW_v}",
        "back": "{dx}",
    }

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """The products that it is made of."""
        (T, F), d = t.shape, self.units
        asking = 1 if self.output == "last" else T
        x, Q = np.reshape(a, (-1, F)), np.reshape(t.q, (-1, d))
        K, V, A = np.reshape(t.k, (-1, d)), np.reshape(t.v, (-1, d)), np.reshape(t.weights, (-1, T))

        def made(name: str, rows: Any) -> Written:
            W = getattr(p, f"W_{name}")
            return Written(f"W_{name}[{{at}}] {{x}}", lambda pen, j: pen.dot(W[j % d], rows[j // d]))

        def softmax(pen: Any, j: int) -> str:
            row, by = j // T, pen.num(d**0.5)
            of = row + 1 if self.causal and asking == T else T
            fits = [f"exp({pen.num(score)} / {by})" for score in np.reshape(t.scores, (-1, T))[row, :of]]
            return f"{fits[j % T]} / ({pen.added(fits)})" if j % T < of else "0"

        found: dict[str, Any] = {
            "in_q": made("q", x[-asking:]),
            "in_k": made("k", x),
            "in_v": made("v", x),
            "fit": Written("q[{at}] · k[{at}]", lambda pen, j: pen.dot(Q[j // T], K[j % T])),
            "softmax": Written(f"softmax(scores[{{at}}] / {d}^0.5)", softmax),
            "taken": Written("Σ weights[{at}] v[{at}]", lambda pen, j: pen.dot(A[j // d], V[:, j % d])),
            "root": Written(f"{d}^0.5", lambda pen, j: pen.num(d**0.5)),
        }
        return found if g is None else found | self._seen_back(p, t, x, g, (Q, K, V, A))

    def _seen_back(self, p: Any, t: Record, x: Any, g: Any, held: tuple[Any, ...]) -> dict[str, Any]:
        """The products of the way back."""
        (T, F), d, (Q, K, V, A) = t.shape, self.units, held
        g, to_A, delta = (
            np.reshape(g, (-1, d)),
            np.reshape(t.weights_error, (-1, T)),
            np.reshape(t.delta, (-1, T)),
        )
        q, k, v = (np.reshape(error, (-1, d)) for error in (t.q_error, t.k_error, t.v_error))
        asking = len(Q)

        def back(pen: Any, j: int) -> str:
            at, i = divmod(j, F)
            errors, weights = [k[at], v[at]], [p.W_k[:, i], p.W_v[:, i]]
            if at >= T - asking:
                errors, weights = [q[at - (T - asking)], *errors], [p.W_q[:, i], *weights]
            return " + ".join(pen.dot(W, error) for W, error in zip(weights, errors, strict=True))

        def summed(name: str, errors: Any, rows: Any) -> Written:
            return Written(f"Σ ∂{name}[{{at}}] {{x}}ᵀ", lambda pen, j: pen.weighted(errors[:, j], rows))

        return {
            "to_v": Written("Σ weights[{at}] ∂a[{at}]", lambda pen, j: pen.dot(A[:, j // d], g[:, j % d])),
            "to_weights": Written("∂a[{at}] · v[{at}]", lambda pen, j: pen.dot(g[j // T], V[j % T])),
            "mean": Written(
                "Σ weights[{at}] ∂weights[{at}]", lambda pen, j: pen.dot(A[j // T], to_A[j // T])
            ),
            "to_q": Written("Σ δ[{at}] k[{at}]", lambda pen, j: pen.dot(delta[j // d], K[:, j % d])),
            "to_k": Written("Σ δ[{at}] q[{at}]", lambda pen, j: pen.dot(delta[:, j // d], Q[:, j % d])),
            "dW_q": summed("q", q, x[-asking:]),
            "dW_k": summed("k", k, x),
            "dW_v": summed("v", v, x),
            "dx": Written("W_q[{at}]ᵀ ∂q[{at}] + W_k[{at}]ᵀ ∂k[{at}] + W_v[{at}]ᵀ ∂v[{at}]", back),
        }
