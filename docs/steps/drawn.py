"""The pictures beside the steps: what the programs compute, drawn. No words in them but symbols.

ステップに添える図。プログラムが計算したものを描く。文字は記号だけ。
"""

import numpy as np
from matplotlib.figure import Figure

from step01_neuron import AND, XOR, X
from step02_activation import ACTIVATIONS
from step03_layer import W1, b1, linear
from step04_loss import one_hot
from step05_gradient import initial
from step07_training import spiral, train

COLOURS, MARKERS, DASHES = ["#3f90da", "#ffa90e", "#bd1f01"], "o^s", ["-", "--", ":"]


def panels(columns, width=4.4, height=3.4):
    """A figure with some axes in a row."""
    figure = Figure((width * columns, height), layout="constrained")
    return figure, figure.subplots(1, columns)


def points(ax, X, y, labels=("$x_1$", "$x_2$")):
    """−1 as circles, +1 as triangles."""
    for k, sign in enumerate((-1, +1)):
        ax.scatter(
            *X[y == sign].T, s=90, color=COLOURS[k], marker=MARKERS[k], edgecolors="black", label=f"{sign:+d}"
        )
    ax.set(xlabel=labels[0], ylabel=labels[1], aspect="equal", xticks=(0, 1, 2), yticks=(0, 1))


def and_and_xor():
    """Step 1: a line for AND, and the crossing diagonals of XOR."""
    figure, (left, right) = panels(2)
    points(left, X, AND)
    points(right, X, XOR)
    left.axline((0.5, 1), slope=-1, color="gray")
    for y, dash in ((-1, "--"), (+1, ":")):
        right.plot(*X[y == XOR].T, dash, color="gray", zorder=0)
    for ax, title in ((left, "AND: $x_1 + x_2 - 1.5 = 0$"), (right, "XOR")):
        ax.set(title=title, xlim=(-0.4, 1.4), ylim=(-0.4, 1.4))
    right.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def activations():
    """Step 2: each activation (drawn through) with its slope (dashed)."""
    figure, axes = panels(3, width=3.4, height=3)
    z = np.linspace(-6, 6, 481)
    for ax, (name, (f, slope)) in zip(axes, ACTIVATIONS.items(), strict=True):
        ax.plot(z, f(z), color=COLOURS[0], label="$f(z)$")
        ax.plot(z, slope(z), "--", color=COLOURS[1], label="$f'(z)$")
        ax.set(title=name, xlabel="$z$", ylim=(-1.2, 2.2))
        ax.legend(loc="upper left")
    return figure


def hidden_space():
    """Step 3: the four points before and after the hidden layer, where a line parts them."""
    figure, (left, right) = panels(2)
    points(left, X, XOR)
    points(right, np.maximum(linear(X, W1, b1), 0), XOR, ("$a_1$", "$a_2$"))
    right.axline((0.5, 0), slope=0.5, color="gray")
    left.set(title="$x$", xlim=(-0.4, 2.4), ylim=(-0.4, 1.4))
    right.set(title="$a^{[1]}$", xlim=(-0.4, 2.4), ylim=(-0.4, 1.4))
    right.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def learning_rates():
    """Step 7: the loss of the three trainings, on a logarithmic axis."""
    figure, ax = panels(1, width=6)
    points, labels = spiral()
    for lr, colour, dash in zip((0.001, 0.5, 50.0), COLOURS, DASHES, strict=True):
        losses = train(
            points, one_hot(labels, 3), initial(2, 10, 3, np.random.default_rng(0)), lr, epochs=500
        )
        ax.plot(losses, dash, color=colour, label=f"α = {lr:g}")
    ax.set(xlabel="epoch", ylabel="$L$", yscale="log", ylim=(0.03, 1e3))
    ax.legend()
    return figure
