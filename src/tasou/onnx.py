"""tasou's estimators in scikit-learn's pipelines, on their way to ONNX: converters for skl2onnx.

``tasou.export`` writes an estimator by itself and needs nothing; a pipeline of scikit-learn around it is skl2onnx's to
convert, which then asks here (``pip install tasou[onnx]``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tasou import estimators
from tasou.errors import TasouError
from tasou.exporting.graph import OPSET, OnnxGraph
from tasou.exporting.nodes import TensorWriter
from tasou.exporting.planning import plan_of
from tasou.exporting.targets.onnx import answer
from tasou.messages import Message

OLD_OPSET = Message(
    "onnx.old_opset",
    en="tasou's converters write ONNX of opset {least} or newer, not {opset}: give target_opset={least} or more",
    ja="tasou の変換器が書き出す ONNX は opset {least}以上です（指定は {opset}）。"
    "target_opset={least}以上を指定してください",
)
SEVERAL_LABELS = Message(
    "onnx.several_labels",
    en="skl2onnx has no form for several labels at once: write the estimator by itself with tasou.export",
    ja="skl2onnx には複数ラベルの形式がありません。推定器だけを tasou.export で書き出してください",
)

__all__ = ["register"]

CLASSIFIERS = ("LogisticRegression", "MLPClassifier", "Perceptron", "SoftmaxRegression")
REGRESSORS = ("MLPRegressor",)


def register() -> None:
    """Tell skl2onnx how tasou's estimators are converted; from then on ``to_onnx`` takes pipelines with them.

    Raises
    ------
    ImportError
        skl2onnx is not installed
    """
    from skl2onnx import update_registered_converter
    from skl2onnx.common.shape_calculator import (
        calculate_linear_classifier_output_shapes,
        calculate_linear_regressor_output_shapes,
    )

    options = {
        "zipmap": [True, False, "columns"],
        "nocl": [True, False],
        "output_class_labels": [False, True],
    }
    for names, shapes, known in (
        (CLASSIFIERS, calculate_linear_classifier_output_shapes, options),
        (REGRESSORS, calculate_linear_regressor_output_shapes, None),
    ):
        for name in names:
            kind = getattr(estimators, name)
            update_registered_converter(kind, f"Tasou{name}", _shapes_by(shapes), _convert, options=known)


def _shapes_by(usual: Callable[[Any], None]) -> Callable[[Any], None]:
    """skl2onnx's usual shapes, but with as many columns as there are answers."""

    def shapes(operator: Any) -> None:
        usual(operator)
        answer = plan_of(operator.raw_operator).answer
        operator.outputs[-1].type.shape[1:] = [len(answer.names) or answer.width]

    return shapes


def _convert(scope: Any, operator: Any, container: Any) -> None:
    """The estimator's nodes, between the operator's input and its outputs."""
    if container.target_opset < OPSET:
        raise TasouError(OLD_OPSET, least=OPSET, opset=container.target_opset)
    plan = plan_of(operator.raw_operator)
    if plan.answer.kind == "labels":
        raise TasouError(SEVERAL_LABELS)
    graph = _InPipeline(scope, operator, container)
    to = TensorWriter(graph, graph.dtype)
    x = graph.node("Cast", operator.inputs[0].full_name, to=1 if graph.dtype == np.float32 else 11)
    answer(plan, to, to.network(plan.members[0].network, x))


class _InPipeline(OnnxGraph):
    """The same graph, written into skl2onnx's container."""

    def __init__(self, scope: Any, operator: Any, container: Any) -> None:
        super().__init__("pipeline")
        self._scope, self._operator, self._container = scope, operator, container
        double = type(operator.inputs[0].type).__name__ == "DoubleTensorType"
        self.dtype = np.dtype(np.float64 if double else np.float32)

    def free(self, name: str) -> str:
        """A name that no other part of the pipeline has."""
        found: str = self._scope.get_unique_variable_name(name.replace("/1", ""))
        return found

    def node(self, op: str, *inputs: str, name: str = "", domain: str = "", **attributes: Any) -> str:
        """An operation."""
        out = self.free(name or op.lower())
        own = self._scope.get_unique_operator_name(op)
        self._container.add_node(op, list(inputs), [out], op_domain=domain, name=own, **attributes)
        return out

    def constant(self, values: Any, name: str = "constant/1") -> str:
        """Numbers or texts that are known."""
        from onnx import helper, numpy_helper

        array = np.asarray(values)
        free = self.free(name)
        if array.dtype.kind in "OU":
            texts = [str(text).encode() for text in array.ravel().tolist()]
            tensor = helper.make_tensor(free, 8, list(array.shape), texts)
        else:
            tensor = numpy_helper.from_array(array, free)
        self._container.initializers.append(tensor)
        return free

    def output(self, value: str, name: str, dtype: str, *width: int) -> str:
        """An output of the operator: the label or the value first, then the probabilities."""
        place = 1 if name in ("probabilities", "decision") else 0
        target: str = self._operator.outputs[place].full_name
        own = self._scope.get_unique_operator_name("Out")
        if dtype == "bool":  # scikit-learn's classes of True and False are whole numbers here
            self._container.add_node("Cast", [value], [target], name=own, to=7)
        else:
            self._container.add_node("Identity", [value], [target], name=own)
        return target
