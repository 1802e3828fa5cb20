"""Estimators that take a raw table as it stands: an ensemble of networks that is chosen and judged by itself."""

from tasou.tabular.classifier import TableClassifier
from tasou.tabular.regressor import TableRegressor

__all__ = ["TableClassifier", "TableRegressor"]
