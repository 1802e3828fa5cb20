"""Estimators with scikit-learn's interface, on the engine's own gradients."""

from __future__ import annotations

from tasou.estimators.logistic import LogisticRegression
from tasou.estimators.mlp_classifier import MLPClassifier
from tasou.estimators.mlp_regressor import MLPRegressor
from tasou.estimators.perceptron import Perceptron
from tasou.estimators.softmax import SoftmaxRegression

__all__ = ["LogisticRegression", "MLPClassifier", "MLPRegressor", "Perceptron", "SoftmaxRegression"]

TRUSTED_TYPES = (
    "tasou.estimators._scaling.Standardisation",
    "tasou.estimators.logistic.LogisticRegression",
    "tasou.estimators.mlp_classifier.MLPClassifier",
    "tasou.estimators.mlp_regressor.MLPRegressor",
    "tasou.estimators.perceptron.Perceptron",
    "tasou.estimators.softmax.SoftmaxRegression",
)
"""what skops is told to trust, so that it loads pipelines with these estimators: ``trusted=list(TRUSTED_TYPES)``"""
