"""Experiments that have been run, each once."""

from __future__ import annotations

from functools import cache

import pytest

from tasou import lecture


@pytest.fixture(scope="session")
def result():
    """``result(number, seed=0)``: the experiment of that number, run."""

    @cache
    def run(number, seed=0):
        return lecture.run(lecture.find(number)[0], seed)

    return run
