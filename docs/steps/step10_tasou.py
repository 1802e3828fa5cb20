"""The same with tasou: the same numbers, to the last digits.

同じことを tasou で。数値は最後の桁まで一致する。
"""

import numpy as np

from step05_gradient import backward
from step07_training import spiral
from step09_decision_boundary import learnt
from tasou import MLPClassifier, Network, Training, check_gradients
from tasou.datasets import make
from tasou.formulas import optimizers


def largest_difference(found, wanted):
    """Over all numbers of both lists of arrays."""
    return max(float(abs(np.asarray(f) - w).max()) for f, w in zip(found, wanted, strict=True))


def parameters(network):
    """W1, b1, W2, b2 of a tasou network."""
    return [array for layer in network.layers for array in (layer.W, layer.b)]


if __name__ == "__main__":
    X, labels = spiral()
    assert np.array_equal(X, make("spiral").X)

    rng = np.random.default_rng(0)
    network = Network((2, 10, 3), "relu", rng=rng)
    sgd = optimizers.get("sgd", momentum=0.9)
    training = Training(network, optimizer=sgd, lr=0.1, batch_size=30, rng=rng)
    history = training.run(X, labels, epochs=300)

    _, _, theta, losses = learnt(epochs=300)
    Y = network.as_target(labels)
    _, gradient = network.objective(X, Y)
    by_hand = backward(X, Y, theta)
    in_tasous_order = np.concatenate([by_hand[i].ravel() for i in (0, 2, 1, 3)])
    print("W, b   differ by at most", largest_difference(parameters(network), theta))
    print("losses differ by at most", largest_difference([history.loss], [losses]))
    print("∇      differs by at most", largest_difference([gradient], [in_tasous_order]))
    print("gradient check:", "OK" if check_gradients(network, X, labels).ok else "WRONG")

    mlp = MLPClassifier((10,), learning_rate_init=0.01, max_iter=1000, random_state=0).fit(X, labels)
    print(f"MLPClassifier: {mlp.score(X, labels):.1%}")
