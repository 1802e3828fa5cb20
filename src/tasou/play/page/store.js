// What the page knows: the session's state, the newest frame of each run, the curves; and who wants to hear of it.
const watchers = new Map();

export const store = {
  state: null,
  frames: new Map(), // run → {head, arrays}
  curves: new Map(), // run → {rows: Float32Array[], n}
  selected: null, // {layer, unit} of the network, or null
  sample: 0, // the row of the coming batch whose calculation is shown
  touched: false,
};

export function on(event, watcher) {
  if (!watchers.has(event)) watchers.set(event, []);
  watchers.get(event).push(watcher);
}

export function emit(event, value) {
  for (const watcher of watchers.get(event) ?? []) watcher(value);
}

export function current() {
  return store.frames.get(store.state?.current);
}

// --- curves: one row of six numbers per epoch ------------------------------------------------------------------------
export const COLUMNS = ["loss", "accuracy", "validation_loss", "validation_accuracy", "lr", "gradient_norm"];

export function keepEpochs(run, from, rows) {
  const width = COLUMNS.length;
  let kept = store.curves.get(run);
  if (!kept) store.curves.set(run, (kept = { values: new Float32Array(256 * width), n: 0 }));
  const need = (from + rows.length / width) * width;
  if (need > kept.values.length) {
    const larger = new Float32Array(Math.max(need, 2 * kept.values.length));
    larger.set(kept.values);
    kept.values = larger;
  }
  kept.values.set(rows, from * width);
  kept.n = from + rows.length / width;
}

export function column(run, name) {
  const kept = store.curves.get(run);
  const k = COLUMNS.indexOf(name);
  return { n: kept?.n ?? 0, at: (epoch) => kept.values[epoch * COLUMNS.length + k] };
}
