// The parts of the printed Learner that are the same for all networks.
// --- 8< ---
/** Learns step by step; see the head of this file. */
export class Learner {
  constructor({ seed = null, parameters = start } = {}) {
    this.theta = Float64Array.from(parameters);
    this.grad = new Float64Array(start.length);
    this.memory = { STATE };
    this.updates = 0;
    this.order = null;
    this.random = new Random(seed ?? 0);
    this.rows = 0;
    this.room = {};
    for (const name in fixed) this.room[name] = new Float64Array(fixed[name]);
    if (seed !== null) this.draw(new Random(seed));
  }

  /** Draws the initial weights from a stream, as the engine does; biases become 0. */
  draw(random) {
    if (initial === null) throw new Error("the weights of this network are not drawn here: give them as parameters");
    this.theta.fill(0);
    for (const [begin, takes, gives, half] of initial) {
      for (let j = 0; j < takes; j++) {
        for (let i = 0; i < gives; i++) this.theta[begin + i * takes + j] = half && random.uniform(-half, half);
      }
    }
  }

  /** What the last batch left in an array. */
  value(name) {
    return name in perRow ? this.room[name].subarray(0, perRow[name] * this.rows) : this.room[name];
  }

  /** ŷ of n rows; in training with dropout, which draws. */
  forward(X, n = X.length / inputs) {
    const known = Object.keys(perRow)[0];
    if ((this.room[known]?.length ?? 0) < perRow[known] * n) {
      for (const name in perRow) this.room[name] = new Float64Array(perRow[name] * n);
    }
    this.rows = n;
    this.X = X;
    this._forward(X, n);
    return this.value("yHat");
  }

  /** Σ w L of the rows that went forward last. */
  loss(Y, n = this.rows, weights = null) {
    this._measure(Y, n);
    let sum = 0;
    const L = this.room.L;
    for (let i = 0; i < n; i++) {
      let row = 0;
      for (let k = 0; k < outputs; k++) row += L[outputs * i + k];
      sum += weights ? weights[i] * row : row;
    }
    return sum;
  }

  /** Σ w ∂L/∂θ of the rows that went forward last, in this.grad. */
  backward(Y, n = this.rows, weights = null) {
    this._error(Y, n);
    const g = this.room.g;
    if (weights) for (let i = 0; i < n; i++) for (let k = 0; k < outputs; k++) g[outputs * i + k] *= weights[i];
    this._backward(this.X, n);
    return this.grad;
  }
// --- 8< ---
  /** θ := θ − step, by the gradient that backward left, which becomes the mean over a weight of total. */
  update(lr = settings.lr, total = this.rows) {
    this._mean(total);
    this.updates++;
    this._move(lr);
  }

  /** One step on n rows; the mean loss, penalty included, before the update. */
  step(X, Y, n = X.length / inputs, { lr = settings.lr, weights = null } = {}) {
    this.forward(X, n);
    let total = n;
    if (weights) total = weights.subarray(0, n).reduce((sum, w) => sum + w, 0);
    const loss = (this.loss(Y, n, weights) + this.penalty()) / total;
    this.backward(Y, n, weights);
    this.update(lr, total);
    return loss;
  }

  /** All n rows once, in a new random order; the mean of the batches' losses. */
  epoch(X, Y, n = X.length / inputs, { lr = settings.lr, batchSize = settings.batchSize, shuffle = settings.shuffle } = {}) {
    const size = Math.min(batchSize || n, n);
    if (this.order?.length !== n) this.order = Array.from({ length: n }, (_, i) => i);
    if (shuffle) {
      const index = this.random.shuffle(Array.from({ length: n }, (_, i) => i));
      const old = this.order;
      this.order = index.map((i) => old[i]);
    }
    const walked = shuffle && size < n ? this.order : null;
    let sum = 0;
    for (let begin = 0; begin < n; begin += size) {
      const rows = Math.min(size, n - begin);
      const take = (from, width) => {
        const to = new Float64Array(rows * width);
        for (let i = 0; i < rows; i++) {
          const row = walked ? walked[begin + i] : begin + i;
          for (let k = 0; k < width; k++) to[i * width + k] = from[row * width + k];
        }
        return to;
      };
      sum += rows * this.step(take(X, inputs), take(Y, outputs), rows, { lr });
    }
    return sum / n;
  }
}
