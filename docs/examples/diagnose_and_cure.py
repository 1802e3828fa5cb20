"""A training that learns nothing: the diagnosis says why, and its advice cures it.

何も学ばない学習。診断が原因を述べ、その助言で治る。
"""

import textwrap
import warnings

from sklearn.exceptions import ConvergenceWarning

from tasou import MLPClassifier, datasets, diagnose

warnings.simplefilter("ignore", ConvergenceWarning)  # the diagnosis says more

X, y = datasets.make("moons", 300)
X = X * [1, 1000]  # metres and millimetres

settings = dict(solver="sgd", learning_rate_init=0.1, max_iter=100, random_state=0)
ill = MLPClassifier((10,), **settings).fit(X, y)
print(f"before: {ill.score(X, y):.1%} right")
found = diagnose(ill, X, y)
for line in found.text("en").splitlines():
    print(textwrap.fill(line, 96, subsequent_indent="        "))

cured = MLPClassifier((10,), scale="auto", **settings).fit(X, y)
print(f"\nwith scale='auto': {cured.score(X, y):.1%} right")
assert "T010" in found.codes and "T010" not in diagnose(cured, X, y).codes
assert cured.score(X, y) > ill.score(X, y)
