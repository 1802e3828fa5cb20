"""A layer of the user's own: what it may call its values and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from tasou import Network, Training, backends
from tasou.errors import TasouError
from tasou.layers import Dense, Layer, Record, Shape, Skip
from tasou.layers._record import OWN

X, Y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2


@dataclass(frozen=True)
class Half(Layer):
    """Half of what comes in, moved by a number that is learnt; both under names that a test chooses."""

    noted: str = "halved"
    learnt: str = "v"
    label: ClassVar[str] = "half"

    def shapes(self, n):
        return {self.learnt: Shape((n,))}

    def forward(self, do, p, t, a):
        setattr(t, self.noted, do.add(do.times(a, do.constant(0.5, a)), getattr(p, self.learnt)))
        return getattr(t, self.noted)

    def backward(self, do, p, t, a, g, d, back):
        setattr(d, self.learnt, do.total(g, into=getattr(d, self.learnt)))
        return do.times(g, do.constant(0.5, g))


def network(card):
    return Network(layers=[Dense(3, "tanh"), card, Dense(2)], inputs=3, rng=0)


@pytest.mark.parametrize("name", sorted({*OWN, "part1", "part12"}))
@pytest.mark.parametrize("within", [False, True])
def test_a_name_that_the_engine_needs_is_refused_where_the_layer_first_runs(name, within):
    card = Skip([Half(name)]) if within else Half(name)
    says = f"'{name}' is a name that the engine needs itself in the record of a layer"
    for backend in backends.names():
        with backends.use(backend):
            with pytest.raises(TasouError, match=says):
                network(card).predict(X)
            with pytest.raises(TasouError, match=says):
                Training(network(card), rng=0).run(X, Y, epochs=1)


@pytest.mark.parametrize("name", [*sorted(OWN), "part1", "names", "_v", "__len__", "v w", "1v", "v.w", ""])
def test_a_parameter_of_such_a_name_is_refused_when_the_network_is_made(name):
    with pytest.raises(TasouError, match=r"layer 2, Half\(.*\), has a parameter called"):
        network(Half("halved", name))


@pytest.mark.parametrize("name", ["x", "partial", "party", "part_1", "b", "delta", "λ", "index", "count"])
def test_any_other_name_may_be_chosen_for_values_and_parameters(name):
    found = []
    for backend in backends.names():
        with backends.use(backend):
            made = network(Half(name, name))
            Training(made, rng=0).run(X, Y, epochs=2)
            found.append(made.theta)
            assert getattr(made.forward(X)[2], name).shape == (20, 3)
    assert np.allclose(found[0], found[-1], rtol=1e-12)


def test_what_a_record_holds_for_the_engine_stays():
    t = Record(shape=3)
    with pytest.raises(TasouError, match="'shape' is a name"):
        t.shape = 4
    assert t.shape == 3 and t.parts() == {}
