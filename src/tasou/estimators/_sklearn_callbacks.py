"""scikit-learn's own callbacks (since 1.9), such as ProgressBar and ScoringMonitor, follow our epochs and iterations.

``estimator.set_callbacks(…)`` hands them in. They see a fit as a tree of tasks: the fit itself, and in it one task per
epoch or iteration. Any of them may end the training by returning True.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasou.estimators._network import Array, NetworkEstimator

if TYPE_CHECKING:

    class CallbackSupport:
        """``set_callbacks``, and the root of the tree of tasks."""

        def set_callbacks(self, *callbacks: Any) -> Any: ...
        def _init_callback_context(self, **root: Any) -> Any: ...

else:
    try:
        from sklearn.callback import CallbackSupportMixin as CallbackSupport
    except ImportError:  # scikit-learn before 1.9 has no callbacks

        class CallbackSupport:
            """Nothing to support: scikit-learn before 1.9 has no callbacks."""


class Tasks:
    """One fit as scikit-learn's callbacks see it; call it after each epoch or iteration."""

    def __init__(self, estimator: Any, X: Any, y: Any, sample_weight: Array | None, max_iter: int) -> None:
        self.estimator = estimator
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        self.data = {"X": X, "y": y, "metadata": metadata}
        # L-BFGS runs at least one iteration, and only after the last one it is known that there is none to follow
        self.root = estimator._init_callback_context(max_subtasks=max(max_iter, 1) + 1)
        self.root.call_on_fit_task_begin(estimator=estimator, **self.data)
        self._open()

    def _open(self) -> None:
        self.task = self.root.subcontext(task_name=f"{self.estimator.solver}-iter")
        self.task.call_on_fit_task_begin(**self._state())

    def _state(self) -> dict[str, Any]:
        """What a callback may ask for, and what turns a copy of the estimator into one fitted up to here."""
        return {"estimator": self.estimator, **self.data, "reconstruction_attributes": self._weights}

    def _weights(self) -> dict[str, Any]:
        network = self.estimator._network
        return {
            "coefs_": [W.T.copy() for W, _ in network.parameters],
            "intercepts_": [b.copy() for _, b in network.parameters],
        }

    def __call__(self, _: Any) -> bool:
        """An epoch or iteration has ended; True if a callback wants the training to end."""
        stop: bool = self.task.call_on_fit_task_end(**self._state())
        self._open()
        return stop

    def close(self) -> None:
        """The fit has ended; the task that was opened last never ran."""
        self.task.call_on_fit_task_end(estimator=self.estimator)
        self.root.call_on_fit_task_end(estimator=self.estimator, **self.data, reconstruction_attributes={})


def tasks_of(
    estimator: NetworkEstimator, X: Any, y: Any, sample_weight: Array | None, max_iter: int
) -> Tasks | None:
    """The tasks of a fit that begins now, or None if nobody has set a callback."""
    watched = bool(getattr(estimator, "_skl_callbacks", None))
    return Tasks(estimator, X, y, sample_weight, max_iter) if watched else None
