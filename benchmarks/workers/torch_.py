"""PyTorch in its usual fast form: fused optimizer, batches cut from a shuffled index, no DataLoader."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from benchmarks.workloads import Workload

VERSION = torch.__version__
SOLVERS = {"sgd", "adam"}


def set_threads(threads: int) -> None:
    """PyTorch keeps a number of its own."""
    torch.set_num_threads(threads)


def network(sizes: tuple[int, ...]) -> nn.Sequential:
    """Linear layers with ReLU between them."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def training(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """A fresh network, trained for all epochs."""

    def run() -> None:
        torch.manual_seed(0)
        data, labels = torch.from_numpy(X), torch.from_numpy(y)
        model, loss = network(workload.sizes), nn.CrossEntropyLoss()
        if workload.solver == "adam":
            optimizer: Any = torch.optim.Adam(
                model.parameters(), lr=workload.lr, weight_decay=1e-4, fused=True
            )
        else:
            optimizer = torch.optim.SGD(
                model.parameters(), lr=workload.lr, momentum=0.9, nesterov=True, weight_decay=1e-4, fused=True
            )
        n = len(data)
        for _ in range(workload.epochs):
            order = torch.randperm(n)
            for start in range(0, n, workload.batch):
                rows = order[start : start + workload.batch]
                optimizer.zero_grad(set_to_none=True)
                loss(model(data[rows]), labels[rows]).backward()
                optimizer.step()

    return run


def prediction(rows: int, features: int, hidden: tuple[int, ...], classes: int) -> Callable[[], Any]:
    """The class of each row, without gradients."""
    model, X = network((features, *hidden, classes)).eval(), torch.randn(rows, features)

    def run() -> Any:
        with torch.inference_mode():
            return model(X).argmax(1)

    return run
