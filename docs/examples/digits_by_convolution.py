"""Handwritten digits: convolutions beat a dense network with fewer parameters.

手書き数字。画像を畳み込みに通し、少ないパラメータで全結合のネットワークを上回る。
"""

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from tasou import Network, Training
from tasou.layers import Conv2d, Dense, MaxPool

digits = load_digits()
X, X_test, y, y_test = train_test_split(
    digits.images[..., None] / 16, digits.target, test_size=0.25, random_state=0
)

networks = {
    "dense": Network(layers=[Dense(64, "relu"), Dense(10)], inputs=(8, 8, 1), dtype="float32", rng=0),
    "convolution": Network(
        layers=[
            Conv2d(16, 3, "relu", padding="same"), MaxPool(2),
            Conv2d(16, 3, "relu", padding="same"), MaxPool(2),
            Dense(10),
        ],
        inputs=(8, 8, 1), dtype="float32", rng=0,
    ),
}  # fmt: skip
scores = {}
for name, network in networks.items():
    Training(network, optimizer="adam", lr=0.003, batch_size=50, rng=0).run(X, y, epochs=15)
    scores[name] = (network.predict(X_test).argmax(axis=1) == y_test).mean()
    size = network.parameters.theta.size
    print(f"{name:<12} {size:>6,} parameters, {scores[name]:.1%} of the test right")
assert scores["convolution"] > scores["dense"] and scores["convolution"] > 0.97
