"""Estimators with scikit-learn's interface, on the engine's own gradients."""

from __future__ import annotations

from tasou.estimators.logistic import LogisticRegression
from tasou.estimators.mlp_classifier import MLPClassifier
from tasou.estimators.mlp_regressor import MLPRegressor
from tasou.estimators.perceptron import Perceptron
from tasou.estimators.softmax import SoftmaxRegression

__all__ = ["LogisticRegression", "MLPClassifier", "MLPRegressor", "Perceptron", "SoftmaxRegression"]
