"""Estimators of raw tables, and the ensembles behind them; scikit-learn is loaded when an estimator is asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasou.tabular.classifier import TableClassifier
    from tasou.tabular.regressor import TableRegressor

__all__ = ["TableClassifier", "TableRegressor"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"tasou.tabular.{name.removeprefix('Table').lower()}"), name)
