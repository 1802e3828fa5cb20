"""A time series: a gated recurrent unit reads twenty steps of a noisy wave and says the next.

時系列。ゲート付き回帰層が雑音のある波の20ステップを読み、次の値を予測する。
"""

import numpy as np

from tasou import Network, Training
from tasou.layers import GRU, Dense

rng = np.random.default_rng(0)
t = np.arange(600)
wave = np.sin(2 * np.pi * t / 17) * np.sin(2 * np.pi * t / 90) + 0.1 * rng.normal(size=len(t))

windows = np.lib.stride_tricks.sliding_window_view(wave, 21)
X, y = windows[:, :-1, None], windows[:, -1:]
train, test = slice(0, 400), slice(420, None)  # no window of the test overlaps one of the training

layers = [GRU(16), Dense(1)]
network = Network(layers=layers, inputs=(20, 1), loss="squared_error", dtype="float32", rng=0)
history = Training(network, optimizer="adam", lr=0.01, batch_size=32, rng=0).run(
    X[train], y[train], epochs=40
)
error = np.sqrt(np.mean((network.predict(X[test]) - y[test]) ** 2))
same = np.sqrt(np.mean((X[test][:, -1] - y[test]) ** 2))
print(f"loss {history.loss[0]:.4f} -> {history.loss[-1]:.4f} in {len(history.loss)} epochs")
print(f"error on the last part: {error:.3f}; the noise alone: 0.100")
print(f"of saying the value before again: {same:.3f}")
assert error < 0.75 * same
