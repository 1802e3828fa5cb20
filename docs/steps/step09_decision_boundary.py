"""See what was learnt: the decision boundary beside the loss.

学習したものを見る：決定境界と損失曲線。
"""

import sys

import numpy as np
from matplotlib.figure import Figure

from step04_loss import one_hot
from step05_gradient import forward, initial
from step07_training import spiral
from step08_mini_batches import train

COLOURS = ["#3f90da", "#ffa90e", "#bd1f01"]


def learnt(epochs=300):
    """The spiral, the network that has learnt it, and its losses."""
    X, labels = spiral()
    rng = np.random.default_rng(0)
    theta = initial(2, 10, 3, rng)
    losses = train(X, one_hot(labels, 3), theta, 0.1, epochs, batch_size=30, momentum=0.9, rng=rng)
    return X, labels, theta, losses


def picture(X, labels, theta, losses):
    """On the left the class of every point of the plane, on the right the loss."""
    figure = Figure((9, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    axis = np.linspace(-2.6, 2.6, 200)
    plane = np.array([(x, y) for y in axis for x in axis])
    predicted = forward(plane, theta)[-1].argmax(axis=1).reshape(200, 200)
    left.contourf(axis, axis, predicted, levels=[-0.5, 0.5, 1.5, 2.5], colors=COLOURS, alpha=0.3)
    for k, marker in enumerate("o^s"):
        left.scatter(*X[labels == k].T, color=COLOURS[k], marker=marker, edgecolors="black", linewidths=0.5)
    left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    right.plot(losses)
    right.set(xlabel="epoch", ylabel="$L$", ylim=0)
    return figure


if __name__ == "__main__":
    X, labels, theta, losses = learnt()
    if len(sys.argv) > 1:  # python step09_decision_boundary.py boundary.png
        picture(X, labels, theta, losses).savefig(sys.argv[1])
    wrong = np.flatnonzero(forward(X, theta)[-1].argmax(axis=1) != labels)
    print(f"L = {losses[0]:.4f} → {losses[-1]:.4f}; {len(wrong)} of {len(X)} points on the wrong side")
