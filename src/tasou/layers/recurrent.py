"""The recurrent layer: the same dense layer at every step of a sequence, fed with its own last output (Elman 1990)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas import activations
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.layers import _sequences
from tasou.layers._card import Shape
from tasou.layers._record import Record
from tasou.layers._sequences import OverTime, step, steps
from tasou.layers._size import Size
from tasou.layers._written import Written


@dataclass(frozen=True)
class Recurrent(OverTime):
    """h[t] = f(W x[t] + U h[t-1] + b), h[0] = 0, for the steps t = 1 … T of a sequence (time, features).

    Parameters
    ----------
    units
        how many numbers the state h has
    activation
        f, a name or an `Activation`
    output
        "last": h[T] alone, a row of so many units; "all": h[1] … h[T], a sequence again

    Backpropagation through time, with δ[t] = ∂L/∂(what stands in f at step t):
    δ[t] = (∂L/∂h[t] + Uᵀ δ[t+1]) ⊙ f', ∂L/∂W = Σ δ[t] x[t]ᵀ, ∂L/∂U = Σ δ[t] h[t-1]ᵀ, ∂L/∂b = Σ δ[t].

    ``trace[l].part(t)`` holds step t: its ``h``, ``z``, ``delta``.

    Raises
    ------
    TasouError
        numbers that make no layer
    UnknownName
        an activation that is not registered

    Examples
    --------
    >>> Recurrent(3).shapes((10, 2))["W"].of, Recurrent(3).width((10, 2)), Recurrent(3, output="all").width((10, 2))
    ((3, 2), 3, (10, 3))
    """

    units: int
    activation: str | Activation = "tanh"
    output: str = "last"
    latex: ClassVar[str] = r"h_t = f(W x_t + U h_{t-1} + b)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "The same weights at every step, and a state that goes on from step to step: a memory, though a short "
        "one, as the error shrinks or grows with every step back.",
        "ja": "どの時刻でも同じ重みを使い、状態を次の時刻へ渡す。これが記憶になる。"
        "ただし誤差は時刻をさかのぼるたびに縮むか膨らむため、長くは覚えにくい。",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        self.f  # noqa: B018 - a name that is not registered is refused here

    def __repr__(self) -> str:
        name = self.activation if isinstance(self.activation, str) else self.activation.label
        return f"Recurrent(units={self.units}, activation={name!r}, output={self.output!r})"

    @cached_property
    def f(self) -> Activation:
        """The activation itself."""
        return activations.get(self.activation)

    @property
    def label(self) -> str:
        """``recurrent(32, tanh)``."""
        return f"recurrent({self.units}, {self.f.label})"

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """W: (units, features) and U: (units, units), a row per unit; b: (units,)."""
        _, features = _sequences.places(self, n)
        return {
            "W": Shape((self.units, features), decays=True),
            "U": Shape((self.units, self.units), decays=True),
            "b": Shape((self.units,)),
        }

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """W, then U, as the initializer says; biases begin at 0."""
        for W in (p.W, p.U):
            _sequences.draw_blocks(W, 1, _sequences.suiting(init, self.f.suitable), rng)

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """W x[t] + b for all steps at once; then h[t] = f(… + U h[t-1]), step by step."""
        H, (T, F) = self.units, t.shape
        t.Wx = do.product(steps(do, a, F), p.W.T, into=t.Wx)
        t.x = do.add(t.Wx, p.b, into=t.x)
        x = do.reshaped(t.x, -1, T * H)
        t.start = h = do.zeros(step(do, x, 0, H), into=t.start)
        for k in range(T):
            at = t.part(k + 1)
            at.Uh = do.product(h, p.U.T, into=at.Uh)
            at.z = do.add(step(do, x, k, H), at.Uh, into=at.z)
            at.h = h = do.apply(self.f.f, at.z, into=at.h)
        if self.output == "last":
            return h
        t.states = do.joined(*[t.part(k).h for k in range(1, T + 1)], into=t.states)
        return t.states

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """δ[t] from the last step to the first; then the gradients, summed over the steps."""
        H, (T, F) = self.units, t.shape
        self.through_time(do, p, t, g)
        t.delta = do.joined(*[t.part(k).delta for k in range(1, T + 1)], into=t.delta)
        t.before = do.joined(t.start, *[t.part(k).h for k in range(1, T)], into=t.before)
        delta = steps(do, t.delta, H)
        d.W = do.product(delta.T, steps(do, a, F), into=d.W)
        d.U = do.product(delta.T, steps(do, t.before, H), into=d.U)
        d.b = do.total(delta, into=d.b)
        if not back:
            return None
        t.back = do.product(delta, p.W, into=t.back)
        return do.reshaped(t.back, -1, T * F)

    def through_time(self, do: Verbs, p: Any, t: Record, g: Any) -> None:
        """δ[t] = (∂L/∂h[t] + Uᵀ δ[t+1]) ⊙ f'(z[t]): what the loss asks of h[t], and what the next step asks of it."""
        later, last = None, self.output == "last"
        for k in reversed(range(t.shape[0])):
            at, error = t.part(k + 1), g if last else step(do, g, k, self.units)
            if later is not None:
                at.later = do.product(later, p.U, into=at.later)
                error = at.later if last else do.add(at.later, error, into=at.later)
            at.delta = later = do.scaled(error, self.f.slope, at.z, at.h, into=at.delta)

    # --- for the ledger ----------------------------------------------------------------------------------------------

    @property
    def constants(self) -> Mapping[str, Any]:
        """Those of the activation."""
        return self.f.parameters

    @property
    def told(self) -> Mapping[str, str]:  # type: ignore[override]
        """z and h step by step; of these the last is what goes on, or all are."""
        steps = {"z": "{inner} + {b}", "h": self.f.plain or f"{self.f.label}({{z}})"}
        return steps | ({"end": "{last}"} if self.output == "last" else {})

    @property
    def told_back(self) -> Mapping[str, str]:  # type: ignore[override]
        """δ by what the loss and the next step ask; then sums over the steps."""
        return {"delta": "=({g} + {later}) ⊙ f'({z})", "W": "{dW}", "U": "{dU}", "b": "{db}", "back": "{dx}"}

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """z and h of all steps, side by side; the sums of a step, and over the steps."""
        z, h = (_sequences.side_by_side(t, name) for name in ("z", "h"))
        return {
            "z": z,
            "h": h,
            "inner": Written("W[{at}] {x} + U[{at}] h[t-1]", _sequences.written_step(p, t, a, h, self.units)),
            "last": _sequences.written_last(h, self.units),
            "later": Written("U[{at}]ᵀ δ[t+1]", lambda pen, j: ""),
            **_sequences.written_sums(p, t, a, t.delta),
        }
