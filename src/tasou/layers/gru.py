"""The gated recurrent unit: a state that is kept until a gate lets it change (Cho et al. 2014)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.formulas.layers import gru
from tasou.layers import _sequences
from tasou.layers._card import Shape
from tasou.layers._record import Record
from tasou.layers._sequences import OverTime, step, steps
from tasou.layers._size import Size
from tasou.layers._written import Written


@dataclass(frozen=True)
class GRU(OverTime):
    """h[t] = k[t] ⊙ h[t-1] + (1 - k[t]) ⊙ c[t], h[0] = 0, for the steps t = 1 … T of a sequence (time, features).

    ====================================================  =======================================
    r[t] = σ(W_r x[t] + U_r h[t-1] + b_r)                 reset: how much of the old state is read
    k[t] = σ(W_k x[t] + U_k h[t-1] + b_k)                 keep: how much of the old state stays
    c[t] = tanh(W_c x[t] + b_c + r[t] ⊙ (U_c h[t-1] + b_h))  candidate: what takes its place
    ====================================================  =======================================

    W, U and b hold the parts r, k, c one below the other. k is the update gate, which the paper calls z (here z is what
    enters an activation). The reset gate acts behind the product with U_c, as in cuDNN, PyTorch and ONNX; the paper's
    form U_c (r ⊙ h) would need a second product in each step. PyTorch's weights become these by W = weight_ih_l0,
    U = weight_hh_l0, b = bias_ih_l0 plus the first two thirds of bias_hh_l0, and b_h its last third.

    Parameters
    ----------
    units
        how many numbers the state h has
    output
        "last": h[T] alone, a row of so many units; "all": h[1] … h[T], a sequence again

    Raises
    ------
    TasouError
        numbers that make no layer

    Examples
    --------
    >>> GRU(4).shapes((10, 2))["U"].of, GRU(4).width((10, 2)), GRU(4, output="all").width((10, 2))
    ((12, 4), 4, (10, 4))
    """

    units: int
    output: str = "last"
    latex: ClassVar[str] = r"h_t = k_t \odot h_{t-1} + (1 - k_t) \odot c_t"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "A state that stays as it is where the gate k is near 1: so it remembers longer than the simple "
        "recurrent layer, and the error finds its way back.",
        "ja": "ゲート k が 1 に近いあいだは状態がそのまま保たれる。単純な RNN より長く覚え、誤差も過去まで届く。",
    }

    @property
    def label(self) -> str:
        """``gru(32)``."""
        return f"gru({self.units})"

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """W: (3 units, features) and U: (3 units, units), a row per unit of r, k, c; b: (3 units,), b_h: (units,)."""
        _, features = _sequences.places(self, n)
        return {
            "W": Shape((3 * self.units, features), decays=True),
            "U": Shape((3 * self.units, self.units), decays=True),
            "b": Shape((3 * self.units,)),
            "b_h": Shape((self.units,)),
        }

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """W, then U, gate by gate as the initializer says; biases begin at 0."""
        for W in (p.W, p.U):
            _sequences.draw_blocks(W, 3, _sequences.suiting(init, "glorot_uniform"), rng)

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """W x[t] + b for all steps at once; then the gates and the state, step by step."""
        H, (T, F) = self.units, t.shape
        t.Wx = do.product(steps(do, a, F), p.W.T, into=t.Wx)
        t.x = do.add(t.Wx, p.b, into=t.x)
        x = do.reshaped(t.x, -1, T * 3 * H)
        t.start = h = do.zeros(step(do, x, 0, H), into=t.start)
        for k in range(T):
            at = t.part(k + 1)
            at.h = h = self.next_state(do, p, at, step(do, x, k, 3 * H), h)
        if self.output == "last":
            return h
        t.states = do.joined(*[t.part(k).h for k in range(1, T + 1)], into=t.states)
        return t.states

    def next_state(self, do: Verbs, p: Any, at: Record, x: Any, before: Any) -> Any:
        """h[t] of h[t-1] and W x[t] + b."""
        H = self.units
        at.Uh = do.product(before, p.U.T, into=at.Uh)
        at.gates = do.apply(gru.gate, do.columns(x, 0, 2 * H), do.columns(at.Uh, 0, 2 * H), into=at.gates)
        at.r, at.k = do.columns(at.gates, 0, H), do.columns(at.gates, H, 2 * H)
        at.read = do.add(step(do, at.Uh, 2, H), p.b_h, into=at.read)
        at.c = do.apply(gru.candidate, step(do, x, 2, H), at.read, at.r, into=at.c)
        return do.apply(gru.state, at.k, at.c, before, into=at.h)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """The errors of r, k, c from the last step to the first; then the gradients, summed over the steps."""
        H, (T, F) = self.units, t.shape
        self.through_time(do, p, t, g)
        parts = [t.part(k) for k in range(1, T + 1)]
        t.delta = do.joined(*[delta for at in parts for delta in (at.delta_rk, at.delta_c)], into=t.delta)
        t.delta_U = do.joined(*[at.delta_U for at in parts], into=t.delta_U)
        t.before = do.joined(t.start, *[at.h for at in parts[:-1]], into=t.before)
        delta, delta_U = steps(do, t.delta, 3 * H), steps(do, t.delta_U, 3 * H)
        d.W = do.product(delta.T, steps(do, a, F), into=d.W)
        d.U = do.product(delta_U.T, steps(do, t.before, H), into=d.U)
        d.b = do.total(delta, into=d.b)
        d.b_h = do.total(step(do, delta_U, 2, H), into=d.b_h)
        if not back:
            return None
        t.back = do.product(delta, p.W, into=t.back)
        return do.reshaped(t.back, -1, T * F)

    def through_time(self, do: Verbs, p: Any, t: Record, g: Any) -> None:
        """∂L/∂h[t]: what the loss asks of h[t], and what the next step asks of it, by its gate k and its products."""
        later, last = None, self.output == "last"
        for k in reversed(range(t.shape[0])):
            at, before = t.part(k + 1), t.part(k).h if k else t.start
            error = g if last else step(do, g, k, self.units)
            if later is not None:
                error = later if last else do.add(later, error, into=later)
            self.step_errors(do, at, error, before)
            if k:
                at.kept = do.times(error, at.k, into=at.kept)
                at.later = do.product(at.delta_U, p.U, into=at.later)
                later = at.later = do.add(at.later, at.kept, into=at.later)

    def step_errors(self, do: Verbs, at: Record, g: Any, before: Any) -> None:
        """δ_r, δ_k, δ_c of one step by ∂L/∂h[t]: as W and b meet them; and as U does, where δ_c has gone through r."""
        at.delta_c = do.apply(gru.candidate_error, g, at.k, at.c, into=at.delta_c)
        at.delta_k = do.apply(gru.keep_error, g, at.k, at.c, before, into=at.delta_k)
        at.delta_r = do.apply(gru.reset_error, at.delta_c, at.read, at.r, into=at.delta_r)
        at.delta_read = do.times(at.delta_c, at.r, into=at.delta_read)
        at.delta_rk = do.joined(at.delta_r, at.delta_k, into=at.delta_rk)
        at.delta_U = do.joined(at.delta_rk, at.delta_read, into=at.delta_U)

    # --- for the ledger ----------------------------------------------------------------------------------------------

    @property
    def told(self) -> Mapping[str, str]:  # type: ignore[override]
        """Gates, candidate and state, step by step; of the states the last is what goes on, or all are."""
        steps = {
            "r": "1 / (1 + exp(-({in_r} + {b_r})))",
            "k": "1 / (1 + exp(-({in_k} + {b_k})))",
            "read": "{Uh} + {b_h}",
            "c": "tanh({Wx} + {b_c} + {r} * ({read}))",
            "h": "{k} * {before} + (1 - {k}) * {c}",
        }
        return steps | ({"end": "{last}"} if self.output == "last" else {})

    told_back: ClassVar[Mapping[str, str]] = {
        "state_error": "={g} + {later}",
        "delta_c": "{state_error} * (1 - {k}) * (1 - {c} * {c})",
        "delta_k": "{state_error} * ({before} - {c}) * {k} * (1 - {k})",
        "delta_r": "{delta_c} * ({read}) * {r} * (1 - {r})",
        "W": "{dW}",
        "U": "{dU}",
        "b": "{db}",
        "b_h": "{db_h}",
        "back": "{dx}",
    }

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """What the steps hold, side by side; the sums of a step, and over the steps."""
        H, F = self.units, t.shape[1]
        held = {name: _sequences.side_by_side(t, name) for name in ("r", "k", "read", "c", "h")}
        before = np.hstack([np.zeros_like(held["h"][:, :H]), held["h"][:, :-H]])
        found: dict[str, Any] = held | {f"b_{gate}": p.b[i * H : (i + 1) * H] for i, gate in enumerate("rkc")}
        for i, gate in enumerate("rk"):
            symbol = f"W_{gate}[{{at}}] {{x}} + U_{gate}[{{at}}] h[t-1]"
            found[f"in_{gate}"] = Written(symbol, _sequences.written_step(p, t, a, held["h"], H, i * H))
        found |= {
            "before": Written("h[t-1]", lambda pen, j: pen.factor(before[0, j])),
            "Uh": Written(
                "U_c[{at}] h[t-1]",
                lambda pen, j: pen.dot(p.U[2 * H + j % H], before[0, j // H * H : (j // H + 1) * H]),
            ),
            "Wx": Written(
                "W_c[{at}] {x}",
                lambda pen, j: pen.dot(p.W[2 * H + j % H], np.ravel(a)[j // H * F : (j // H + 1) * F]),
            ),
            "last": _sequences.written_last(held["h"], H),
        }
        return found if g is None else found | self._seen_back(p, t, a, g)

    def _seen_back(self, p: Any, t: Record, a: Any, g: Any) -> dict[str, Any]:
        """∂L/∂h[t], what stands in the gates, and the sums over the steps."""
        H, T = self.units, t.shape[0]
        later = [*(t.part(k).later for k in range(2, T + 1)), None]
        asked = [None] * (T - 1) + [g] if self.output == "last" else np.split(g, T, axis=1)
        errors = [sum(part for part in both if part is not None) for both in zip(asked, later, strict=True)]
        through = np.reshape(t.delta_U, (T, -1))[:, 2 * H :] if len(g) == 1 else t.delta_U
        return {
            "state_error": np.hstack(errors),
            **{name: _sequences.side_by_side(t, name) for name in ("delta_r", "delta_k", "delta_c")},
            "later": Written("U[{at}]ᵀ δ[t+1] + k[t+1] ⊙ ∂h[t+1]", lambda pen, j: ""),
            "db_h": Written("Σ δ_c[{at}] ⊙ r[{at}]", lambda pen, j: pen.sum(through[:, j])),
            **_sequences.written_sums(p, t, a, t.delta_U),
        }
