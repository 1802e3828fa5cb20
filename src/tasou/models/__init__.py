"""A trained model with its table preparation, and the file it lies in."""

from __future__ import annotations

from tasou.models.files import load, save

__all__ = ["load", "save"]
