"""JAX in its usual fast form: one compiled function per epoch, scanning over the batches. Compilation is not timed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.workloads import Workload

VERSION = jax.__version__
SOLVERS = {"sgd", "adam"}


def set_threads(threads: int) -> None:
    """XLA counts the processors that the process may use."""


def parameters(sizes: tuple[int, ...]) -> Any:
    """Weights and biases, layer by layer."""
    rng = np.random.default_rng(0)
    return [
        (jnp.asarray(rng.normal(0, n_in**-0.5, (n_in, n_out)), jnp.float32), jnp.zeros(n_out, jnp.float32))
        for n_in, n_out in pairwise(sizes)
    ]


def logits(theta: Any, x: Any) -> Any:
    """The values before softmax."""
    for W, b in theta[:-1]:
        x = jax.nn.relu(x @ W + b)
    return x @ theta[-1][0] + theta[-1][1]


def loss(theta: Any, x: Any, y: Any) -> Any:
    """Mean cross-entropy with the L2 penalty."""
    log_p = jax.nn.log_softmax(logits(theta, x))
    l2 = sum(jnp.sum(W * W) for W, _ in theta)
    return -jnp.mean(jnp.take_along_axis(log_p, y[:, None], 1)) + 0.5e-4 * l2 / len(x)


def adam(theta: Any, state: Any, grad: Any, t: Any, lr: float) -> Any:
    """Adam, tree by tree."""
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state[0], grad)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state[1], grad)
    rate = lr * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), theta, m, v), (m, v)


def nesterov(theta: Any, state: Any, grad: Any, t: Any, lr: float) -> Any:
    """SGD with Nesterov's momentum."""
    v = jax.tree.map(lambda v, g: 0.9 * v - lr * g, state[0], grad)
    return jax.tree.map(lambda p, v, g: p + 0.9 * v - lr * g, theta, v, grad), (v, state[1])


def training(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """All epochs, the compiled epoch made ready beforehand."""
    rule, batch = (adam if workload.solver == "adam" else nesterov), workload.batch
    batches = workload.rows // batch  # a smaller last batch would need a second compiled step: it is left out

    def step(carry: Any, rows: Any, data: Any, labels: Any) -> Any:
        theta, state, t = carry
        value, grad = jax.value_and_grad(loss)(theta, data[rows], labels[rows])
        theta, state = rule(theta, state, grad, t, workload.lr)
        return (theta, state, t + 1), value

    @partial(jax.jit, donate_argnums=0)
    def epoch(carry: Any, key: Any, data: Any, labels: Any) -> Any:
        order = jax.random.permutation(key, workload.rows)[: batches * batch].reshape(batches, batch)
        return jax.lax.scan(partial(step, data=data, labels=labels), carry, order)

    def run(epochs: int = workload.epochs) -> None:
        theta = parameters(workload.sizes)
        zeros = jax.tree.map(jnp.zeros_like, theta)
        carry = (theta, (zeros, jax.tree.map(jnp.zeros_like, theta)), jnp.float32(1))
        data, labels = jnp.asarray(X), jnp.asarray(y)
        for key in jax.random.split(jax.random.key(0), epochs):
            carry, values = epoch(carry, key, data, labels)
        jax.block_until_ready((carry, values))

    run(1)
    return run


def prediction(rows: int, features: int, hidden: tuple[int, ...], classes: int) -> Callable[[], Any]:
    """The class of each row, by a compiled function."""
    theta, X = parameters((features, *hidden, classes)), jnp.ones((rows, features), jnp.float32)
    predict = jax.jit(lambda x: logits(theta, x).argmax(1))
    predict(X).block_until_ready()
    return lambda: predict(X).block_until_ready()
