"""A model behind HTTP: rows in, predictions and probabilities out, each row checked against the model's columns.

`service_of` makes of any model what answers rows, and is tested without a server; `application` carries it, behind the
guard that the playground has, too.
"""

from __future__ import annotations

from tasou.serving.limits import Limits
from tasou.serving.service import Service, service_of

__all__ = ["Limits", "Service", "service_of"]
