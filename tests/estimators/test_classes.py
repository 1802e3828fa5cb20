"""Labels that are whole numbers are taken without scikit-learn's examination, and come out the same."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import LabelBinarizer

from tasou.estimators._classes import _of_whole_numbers


@pytest.mark.parametrize(
    "y",
    [
        np.array([0, 1, 1]),
        np.array([3]),
        np.array([5, 2, 9, 2]),
        np.array([True, False]),
        np.array([1, 2], np.uint8),
        np.array([-1, 1]),
    ],
)
def test_the_same_classes(y):
    ours, theirs = vars(_of_whole_numbers(y)), vars(LabelBinarizer().fit(y))
    np.testing.assert_array_equal(ours.pop("classes_"), theirs["classes_"], strict=True)
    assert ours == {name: value for name, value in theirs.items() if name != "classes_"}


@pytest.mark.parametrize(
    "y", [[0, 1], np.array([0.0, 1.0]), np.array(["a"]), np.eye(2, dtype=int), np.array([], int)]
)
def test_all_others_are_examined(y):
    assert _of_whole_numbers(y) is None
