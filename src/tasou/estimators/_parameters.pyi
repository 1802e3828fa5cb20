"""Made by ``scripts/stub``: the parameters as type checkers see them."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.losses import Loss
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Schedule

class ClassifierParameters:
    _parameter_constraints: dict[str, list[Any]]
    hidden_layer_sizes: Any
    activation: str | Activation | Sequence[str | Activation]
    solver: str | Optimizer
    alpha: float
    batch_size: Literal["auto"] | int
    learning_rate: str | Schedule
    learning_rate_init: float
    power_t: float
    max_iter: int
    shuffle: bool
    random_state: int | np.random.RandomState | None
    tol: float
    verbose: bool | int | str
    warm_start: bool
    momentum: float
    nesterovs_momentum: bool
    early_stopping: bool
    validation_fraction: float
    beta_1: float
    beta_2: float
    epsilon: float
    n_iter_no_change: float
    max_fun: int
    init: str | Initializer | tuple[Any, Any] | None
    dropout: float | Sequence[float]
    loss: str | Loss | None
    scale: Literal["auto"] | None
    warmup: int
    weight_decay: float | None
    clip_norm: float | None
    class_weight: Any
    relative_tol: bool
    max_time: float | None
    n_threads: int | None
    scoring: Any
    callbacks: Sequence[Any] | None
    def __init__(
        self,
        hidden_layer_sizes: Any = ...,
        activation: str | Activation | Sequence[str | Activation] = ...,
        *,
        solver: str | Optimizer = ...,
        alpha: float = ...,
        batch_size: Literal["auto"] | int = ...,
        learning_rate: str | Schedule = ...,
        learning_rate_init: float = ...,
        power_t: float = ...,
        max_iter: int = ...,
        shuffle: bool = ...,
        random_state: int | np.random.RandomState | None = ...,
        tol: float = ...,
        verbose: bool | int | str = ...,
        warm_start: bool = ...,
        momentum: float = ...,
        nesterovs_momentum: bool = ...,
        early_stopping: bool = ...,
        validation_fraction: float = ...,
        beta_1: float = ...,
        beta_2: float = ...,
        epsilon: float = ...,
        n_iter_no_change: float = ...,
        max_fun: int = ...,
        init: str | Initializer | tuple[Any, Any] | None = ...,
        dropout: float | Sequence[float] = ...,
        loss: str | Loss | None = ...,
        scale: Literal["auto"] | None = ...,
        warmup: int = ...,
        weight_decay: float | None = ...,
        clip_norm: float | None = ...,
        class_weight: Any = ...,
        relative_tol: bool = ...,
        max_time: float | None = ...,
        n_threads: int | None = ...,
        scoring: Any = ...,
        callbacks: Sequence[Any] | None = ...,
    ) -> None: ...

class RegressorParameters:
    _parameter_constraints: dict[str, list[Any]]
    loss: str | Loss
    hidden_layer_sizes: Any
    activation: str | Activation | Sequence[str | Activation]
    solver: str | Optimizer
    alpha: float
    batch_size: Literal["auto"] | int
    learning_rate: str | Schedule
    learning_rate_init: float
    power_t: float
    max_iter: int
    shuffle: bool
    random_state: int | np.random.RandomState | None
    tol: float
    verbose: bool | int | str
    warm_start: bool
    momentum: float
    nesterovs_momentum: bool
    early_stopping: bool
    validation_fraction: float
    beta_1: float
    beta_2: float
    epsilon: float
    n_iter_no_change: float
    max_fun: int
    init: str | Initializer | tuple[Any, Any] | None
    dropout: float | Sequence[float]
    scale: Literal["auto"] | None
    warmup: int
    weight_decay: float | None
    clip_norm: float | None
    relative_tol: bool
    max_time: float | None
    n_threads: int | None
    scoring: Any
    callbacks: Sequence[Any] | None
    def __init__(
        self,
        loss: str | Loss = ...,
        hidden_layer_sizes: Any = ...,
        activation: str | Activation | Sequence[str | Activation] = ...,
        *,
        solver: str | Optimizer = ...,
        alpha: float = ...,
        batch_size: Literal["auto"] | int = ...,
        learning_rate: str | Schedule = ...,
        learning_rate_init: float = ...,
        power_t: float = ...,
        max_iter: int = ...,
        shuffle: bool = ...,
        random_state: int | np.random.RandomState | None = ...,
        tol: float = ...,
        verbose: bool | int | str = ...,
        warm_start: bool = ...,
        momentum: float = ...,
        nesterovs_momentum: bool = ...,
        early_stopping: bool = ...,
        validation_fraction: float = ...,
        beta_1: float = ...,
        beta_2: float = ...,
        epsilon: float = ...,
        n_iter_no_change: float = ...,
        max_fun: int = ...,
        init: str | Initializer | tuple[Any, Any] | None = ...,
        dropout: float | Sequence[float] = ...,
        scale: Literal["auto"] | None = ...,
        warmup: int = ...,
        weight_decay: float | None = ...,
        clip_norm: float | None = ...,
        relative_tol: bool = ...,
        max_time: float | None = ...,
        n_threads: int | None = ...,
        scoring: Any = ...,
        callbacks: Sequence[Any] | None = ...,
    ) -> None: ...
