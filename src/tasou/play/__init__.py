"""The playground: the engine live in the browser, every number reachable, every step repeatable.

A `Session` holds runs and knows nothing of the net it is shown through: it is tested, and can be used, without a
browser. A thread of its own trains (`worker`), a small server (`server`) lets one page in, which draws. What is seen
is what runs: the page computes nothing that the lecture would call a formula.
"""

from __future__ import annotations

from tasou.play.run import Run
from tasou.play.session import Session
from tasou.play.setup import Setup

__all__ = ["Run", "Session", "Setup"]
