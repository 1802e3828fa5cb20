"""Run what a page shows in this very process, where everything has been imported already, and keep what it prints."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path


@contextlib.contextmanager
def printed(folder: Path, environment: Mapping[str, str]) -> Iterator[io.BytesIO]:
    """In ``folder`` and with these variables set, like a process of its own; both streams go into one text (UTF-8)."""
    text, before = io.BytesIO(), dict(os.environ)
    stream = io.TextIOWrapper(text, "utf-8", newline="", write_through=True)
    os.environ.update(environment)
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            yield text
    finally:
        stream.detach()
        os.environ.clear()
        os.environ.update(before)
