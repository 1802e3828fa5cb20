"""PyTorch in its usual fast form: fused optimizer, batches cut from a shuffled index, no DataLoader."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from benchmarks.workloads import CODES, LEVELS, NUMBERS, WIDTH, Workload

VERSION = torch.__version__
SOLVERS = {"sgd", "adam"}
KINDS = {"dense", "convolution", "gru", "embedding"}


def set_threads(threads: int) -> None:
    """PyTorch keeps a number of its own."""
    torch.set_num_threads(threads)


def network(sizes: tuple[int, ...]) -> nn.Sequential:
    """Linear layers with ReLU between them."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Digits(nn.Module):
    """A GRU over the rows of a digit, its last state read by a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.out = nn.GRU(8, 32, batch_first=True), nn.Linear(32, 10)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Scores (n, 10)."""
        return self.out(self.gru(X.view(-1, 8, 8))[1][0])  # type: ignore[no-any-return]


class Table(nn.Module):
    """Codes through an embedding each, numbers by a factor each, then two linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CODES * LEVELS, WIDTH)
        self.scale = nn.Parameter(torch.ones(NUMBERS))
        self.starts = torch.arange(CODES) * LEVELS
        self.rest = nn.Sequential(nn.Linear(CODES * WIDTH + NUMBERS, 64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Scores (n, 2)."""
        codes = self.embedding(X[:, :CODES].long() + self.starts).flatten(1)
        return self.rest(torch.cat([codes, X[:, CODES:] * self.scale], 1))  # type: ignore[no-any-return]


def model_of(workload: Workload) -> nn.Module:
    """A fresh model: the same layers as tasou's (benchmarks/workers/stacks.py)."""
    match workload.kind:
        case "convolution":
            first, second = nn.Conv2d(1, 16, 3), nn.Conv2d(16, 32, 2)
            rest = [nn.MaxPool2d(2), second, nn.ReLU(), nn.Flatten(), nn.Linear(32 * 4, 10)]
            return nn.Sequential(nn.Unflatten(1, (1, 8, 8)), first, nn.ReLU(), *rest)
        case "gru":
            return Digits()
        case "embedding":
            return Table()
    return network(workload.sizes)


def training(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """A fresh network, trained for all epochs."""

    def run() -> None:
        torch.manual_seed(0)
        data, labels = torch.from_numpy(X), torch.from_numpy(y)
        model, loss = model_of(workload), nn.CrossEntropyLoss()
        decay = (
            1e-4 if workload.kind == "dense" else 0.0
        )  # MLPClassifier's alpha; networks of layers have none
        if workload.solver == "adam":
            optimizer: Any = torch.optim.Adam(
                model.parameters(), lr=workload.lr, weight_decay=decay, fused=True
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
