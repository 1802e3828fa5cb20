"""Learning in JavaScript: forward, backward and update of a network, from a seed, with the engine's numbers.

What is printed is the network's tape of learning, the loss and the optimizer's rule, traced as everything else; beside
it stands NumPy's own random stream (``parts/random.mjs``), so that initial weights, dropout and the order of the rows
are the engine's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasou.backends.recording import GRADIENT, PARAMETER, N
from tasou.errors import TasouError
from tasou.exporting.javascript import declared, quoted_number
from tasou.exporting.listing import folded
from tasou.exporting.loops import CONSTANT, INPUT, WORK, Loop, Program, plain_name
from tasou.exporting.lowering import Lowering, View, replaced
from tasou.exporting.spelling import Spelling
from tasou.exporting.tracing import Graph, Value, traced, walked
from tasou.formulas import initializers, optimizers, penalties
from tasou.formulas.optimizers import Optimizer
from tasou.messages import Message
from tasou.network import Network
from tasou.training import Training

NO_STEPS = Message(
    "export.no_steps",
    en="{name} does not learn by steps that can be printed: export a Network or a Training that goes by steps",
    ja="{name} の学習は一歩ずつの更新として書き出せません。Network か、一歩ずつ学習する Training を書き出してください",
)

PARTS = Path(__file__).parent / "parts"
USES = [
    "It also learns, with the numbers of tasou's engine (to 1e-12):",
    "",
    "  const learner = new Learner({ seed: 0 });   // initial weights as Network(…, rng=0), stream as Training(rng=0);",
    "                                              // without a seed: the weights that were exported",
    "  learner.forward(X, n)                       // ŷ of n rows, row by row in one Float64Array",
    "  learner.backward(Y, n, weights)             // the gradient, summed over the rows; weights of rows if wanted",
    "  learner.step(X, Y, n, { lr, weights })      // forward, loss, backward, update; the mean loss before the update",
    "  learner.epoch(X, Y, n, { lr, batchSize })   // shuffles, walks all rows in batches; the epoch's loss",
    "",
    "  learner.theta, learner.grad                 // parameters and gradient; layout says where each lies",
    "  learner.value('z1')                         // what the last batch left in an array, named as in arrays",
    "  learner.memory, learner.updates, learner.order, learner.random   // the optimizer's state and the streams",
    "",
    "Y has as many numbers per row as there are outputs: one-hot rows for classes.",
]


class Learning:
    """The loops of a step of learning.

    Parameters
    ----------
    model
        a training, which brings optimizer, rate and batches; or a network, or an estimator that has one
    """

    def __init__(self, model: Any) -> None:
        self.network: Network = model if isinstance(model, Network) else _network(model)
        training = model if isinstance(model, Training) else None
        self.optimizer: Optimizer = training.optimizer if training else optimizers.get("sgd")
        if not isinstance(self.optimizer, Optimizer):
            raise TasouError(NO_STEPS, name=type(self.optimizer).__name__)
        self.lr = training.lr if training else self.optimizer.lr
        self.batch_size = training.batch_size if training else None
        self.shuffle = training.shuffle if training else True
        self.weight_decay = training.weight_decay if training else 0.0
        self.clip_norm = training.clip_norm if training else None
        self.program = Program()
        self._record()

    def _record(self) -> None:
        network, program = self.network, self.program
        tape: Any = network.tape()
        K, size = network.sizes[-1], network.theta.size
        X = program.array("X", INPUT, N * network.sizes[0])
        self.Y = Y = program.array("Y", INPUT, N * K)
        theta, grad = program.array("theta", INPUT, size), program.array("grad", INPUT, size)
        write = Lowering(program, vectors={PARAMETER: theta, GRADIENT: grad}, rows=True)
        write.views[id(tape.x)] = View(X, (N, network.sizes[0]), (network.sizes[0], 1))
        for op in tape.forward:
            write.write(op)
        raw, y = write.view(tape.output), View(Y, (N, K), (K, 1))
        y_hat = write.new("yHat", raw.shape)
        write.elementwise(y_hat, traced(network.loss.predict, 1, width=K)[0], [raw])
        self.forward = program.loops
        program.loops = []
        L = write.new("L", raw.shape)
        write.elementwise(L, traced(network.loss.value, 2, width=K)[0], [raw, y])
        self.measure, program.loops = program.loops, []
        error = write.new("g", raw.shape)
        write.views[id(tape.error)] = error
        write.elementwise(error, traced(network.loss.delta, 3, width=K)[0], [raw, y_hat, y])
        self.error, program.loops = program.loops, []
        for op in tape.backward:
            write.write(op)
        self.backward, program.loops = program.loops, []

    def initial(self) -> list[tuple[int, int, int, float]] | None:
        """(begin, inputs, outputs, half-width) of the weights that are drawn; None where they are drawn otherwise."""
        found = []
        for layer in self.network.layers:
            if not layer.card.drawn:
                continue
            chosen = initializers.get(layer.activation.suitable)
            if not self.network.plain or chosen.distribution == "normal" or chosen.biases:
                return None
            n_out, n_in = layer.W.shape
            start = next(
                p.start for p in self.network.parameters.layout.places if p.l == layer.l and p.name == "W"
            )
            found.append((start, n_in, n_out, chosen.size(n_in, n_out)))
        return found


def _network(model: Any) -> Network:
    found = getattr(model, "network", None)
    found = getattr(model, "_network", None) if found is None else found
    if not isinstance(found, Network):
        raise TasouError(NO_STEPS, name=type(model).__name__)
    return found


def write(model: Any, spell: Spelling) -> list[str]:
    """The class ``Learner`` in JavaScript."""
    found = Learning(model)
    program, network = found.program, found.network
    parts = (PARTS / "learning.mjs").read_text("utf-8").split("// --- 8< ---\n")
    per_row = {a.name: a.size // N for a in program.of_kind(WORK) if a.size % N == 0}
    fixed = {a.name: a.size for a in program.of_kind(WORK) if a.size % N}
    layout = [
        f"  {{ name: {plain_name(p.symbol)!r}, start: {p.start}, shape: {list(p.shape.of)}, "
        f"decays: {_js(p.shape.decays)} }},"
        for p in network.parameters.layout.places
    ]
    state = "".join(f"{name}: new Float64Array({network.theta.size}), " for name in found.optimizer.state)
    initial = found.initial()
    lines = [
        (PARTS / "random.mjs").read_text("utf-8").split("// --- 8< ---\n")[1].strip("\n"),
        "",
        "/** Where each parameter lies in theta, row by row. */",
        "export const layout = [",
        *layout,
        "];",
        f"export const inputs = {network.sizes[0]};",
        f"export const outputs = {network.sizes[-1]};",
        f"const initial = {'null' if initial is None else [list(part) for part in initial]};",
        f"const perRow = {{ {', '.join(f'{name}: {size}' for name, size in per_row.items())} }};",
        f"const fixed = {{ {', '.join(f'{name}: {size}' for name, size in fixed.items())} }};",
        "/** The names of the arrays that a batch leaves behind. */",
        "export const arrays = [...Object.keys(perRow), ...Object.keys(fixed)];",
        f"const settings = {{ lr: {_js(found.lr)}, batchSize: {_js(found.batch_size)}, "
        f"shuffle: {_js(found.shuffle)} }};",
        *[line for array in program.of_kind(CONSTANT) for line in declared(array)],
        "const start = Float64Array.of(",
        *_folded([_js(value) for value in network.theta.astype(float).tolist()]),
        ");",
        "",
        parts[1].replace("STATE", state.rstrip(", ")).strip("\n"),
        "",
        *_method("_forward(X, n)", "random = this.random", found.forward, spell, program),
        *_method("_measure(Y, n)", "", found.measure, spell, program),
        *_method("_error(Y, n)", "", found.error, spell, program),
        *_method("_backward(X, n)", "", found.backward, spell, program),
        *_update(found, spell),
        "",
        parts[2].strip("\n"),
    ]
    return lines


def _js(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted_number(float(value))


def _folded(texts: list[str]) -> list[str]:
    return folded(texts, "  ")


def _method(head: str, first: str, loops: Sequence[Loop], spell: Spelling, program: Program) -> list[str]:
    """A method that walks the loops."""
    program.loops = list(loops)
    used = program.used()
    named = [a.name for a in program.of_kind(WORK) if id(a) in used]
    own = [f"theta = this.theta, grad = this.grad{', ' + first if first else ''}"]
    lines = [f"  {head} {{", f"    const {own[0]};", f"    const {{ {', '.join(named)} }} = this.room;"]
    lines += [f"    {line}" for loop in loops for line in spell.lines(loop)]
    return [*lines, "  }", ""]


def _update(found: Learning, spell: Spelling) -> list[str]:
    """The mean gradient, the decay of the weights, and the optimizer's rule."""
    network, optimizer = found.network, found.optimizer
    state = list(optimizer.state)
    lines = ["  _mean(total) {", "    const { theta, grad } = this;"]
    for segment in network.parameters.layout.segments:
        graph = Graph()
        g, W, total = (graph.input(i) for i in range(3))
        summed = g + penalties.l2_gradient(W, network.l2) if segment.decays and network.l2 else g
        lines += _each(spell, segment, ["grad[i]"], [summed / total], ["grad[i]", "theta[i]", "total"])
    decaying = sum(s.stop - s.start for s in network.parameters.layout.segments if s.decays)
    lines += [
        "  }",
        "",
        "  /** α/2 ‖W‖². */",
        "  penalty() {",
        "    let sum = 0;",
        f"    for (let i = 0; i < {decaying if network.l2 else 0}; i++) sum += this.theta[i] * this.theta[i];",
        f"    return {_js(0.5 * network.l2)} * sum;",
        "  }",
        "",
        "  _move(lr) {",
        "    const { theta, grad, updates: t } = this;",
    ]
    if state:
        lines.append(f"    const {{ {', '.join(state)} }} = this.memory;")
    if found.clip_norm is not None:
        lines += [
            "    let norm = 0;",
            "    for (const g of grad) norm += g * g;",
            "    norm = Math.sqrt(norm);",
            f"    const scale = norm > 0 ? Math.min(1, {_js(found.clip_norm)} / norm) : 1;",
            "    for (let i = 0; i < grad.length; i++) grad[i] *= scale;",
        ]
    rule = traced(optimizer.update, 4 + len(state))
    inputs = ["theta[i]", "grad[i]", *(f"{name}[i]" for name in state), "t", "rate"]
    for segment in network.parameters.layout.segments:
        lines.append(f"    {{\n      const rate = lr * {_js(segment.rate)};")
        if segment.decays and found.weight_decay:
            graph = Graph()
            shrunk = penalties.decay(graph.input(0), graph.input(1), found.weight_decay)
            lines += _each(spell, segment, ["theta[i]"], [shrunk], ["theta[i]", "rate"], "      ")
        if segment.rate:
            ahead, values = _same_for_all(spell, rule, inputs, len(state) + 2)
            lines += [f"      {line}" for line in ahead]
            names = [*inputs, *(f"c{k + 1}" for k in range(len(ahead)))]
            lines += _each(
                spell, segment, ["theta[i]", *(f"{name}[i]" for name in state)], values, names, "      "
            )
        lines.append("    }")
    return [*lines, "  }"]


def _same_for_all(
    spell: Spelling, rule: tuple[Value, ...], inputs: list[str], first: int
) -> tuple[list[str], list[Value]]:
    """What of a rule is the same for all parameters, computed ahead; and the rule with that as further inputs."""
    alike: set[int] = set()
    for part in walked(*rule):
        of_all = part.op == "constant" or (part.op == "input" and part.detail >= first)
        if of_all or (part.args and all(id(arg) in alike for arg in part.args)):
            alike.add(id(part))
    top = {
        id(arg): arg
        for part in walked(*rule)
        if id(part) not in alike
        for arg in part.args
        if id(arg) in alike and arg.args
    }
    lines, made = [], {}
    for k, part in enumerate(top.values()):
        lines.append(f"const c{k + 1} = {spell.written_out(part, inputs)};")
        made[id(part)] = part.graph.input(len(inputs) + k)
    return lines, [replaced(value, made) for value in rule]


def _each(
    spell: Spelling,
    segment: Any,
    out: list[str],
    values: Sequence[Value],
    inputs: list[str],
    indent: str = "    ",
) -> list[str]:
    """For each parameter of a segment, everything computed before anything is written."""
    locals_, texts = spell.expressions(values, inputs)
    lines = [f"for (let i = {segment.start}; i < {segment.stop}; i++) {{", *(f"  {line}" for line in locals_)]
    if len(out) == 1:
        lines.append(f"  {out[0]} = {texts[0]};")
    else:
        lines += [f"  const new{k} = {text};" for k, text in enumerate(texts)]
        lines += [f"  {place} = new{k};" for k, place in enumerate(out)]
    return [indent + line for line in [*lines, "}"]]
