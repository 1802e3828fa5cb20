"""The parameters of the estimators as classes; their types for editors stand in ``_parameters.pyi``."""

from __future__ import annotations

from tasou.estimators._signature import class_of

ClassifierParameters = class_of("classifier")
RegressorParameters = class_of("regressor")
