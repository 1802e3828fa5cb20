"""Diagnosis: what is wrong with a training, told in words with the numbers that show it.

One illness is one file in ``rules/``: adding one is adding a file.

>>> from tasou.diagnostics import rules
>>> rules.find("T001").title["en"]
'Dead ReLUs'
"""

from __future__ import annotations

from tasou.diagnostics.diagnose import diagnose
from tasou.diagnostics.diagnosis import Diagnosis
from tasou.diagnostics.finding import Evidence, Finding, Rule
from tasou.diagnostics.record import Record
from tasou.diagnostics.watch import Watch

__all__ = ["Diagnosis", "Evidence", "Finding", "Record", "Rule", "Watch", "diagnose"]
