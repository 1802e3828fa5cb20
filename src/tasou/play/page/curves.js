// Loss and accuracy over the epochs: training through, validation dashed, the run beside it in the second colour.
import { store, on, column } from "./store.js";
import { $, context, table } from "./dom.js";
import { t, num, percent } from "./words.js";
import { token } from "./colours.js";
import { settingName, settingValue } from "./controls.js";

const PAIRS = { loss: "validation_loss", accuracy: "validation_accuracy" };
let pointer = null; // epoch that is read
let drawnAt = 0;

on("state", draw);
on("frame", (head) => {
  if (head.playing && performance.now() - drawnAt < 40) return;
  draw();
});
on("theme", draw);
on("language", draw);
$("quantity").addEventListener("change", draw);
$("log").addEventListener("change", draw);
new ResizeObserver(draw).observe($("curve"));
$("curve").addEventListener("pointermove", (event) => read(event.offsetX));
$("curve").addEventListener("pointerleave", () => read(null));
$("curve").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  pointer = Math.max(1, Math.min(lastEpoch(), (pointer ?? 0) + step * (event.shiftKey ? 10 : 1)));
  $("curve-read").setAttribute("aria-live", "polite");
  draw();
});

function shown() {
  const names = [store.state.current, ...(store.state.other ? [store.state.other] : [])];
  const what = $("quantity").value;
  const found = [];
  names.forEach((run, k) => {
    found.push({ run, name: what, curve: column(run, what), k, held: false });
    if (PAIRS[what]) found.push({ run, name: PAIRS[what], curve: column(run, PAIRS[what]), k, held: true });
  });
  return found.filter(({ curve }) => curve.n && anyFinite(curve));
}

function anyFinite(curve) {
  for (let e = curve.n - 1; e >= Math.max(0, curve.n - 20); e--) if (Number.isFinite(curve.at(e))) return true;
  return false;
}

function lastEpoch() {
  return Math.max(1, ...shown().map(({ curve }) => curve.n));
}

function range(curves, log) {
  let low = Infinity, high = -Infinity;
  for (const { curve } of curves) {
    const every = Math.max(1, Math.floor(curve.n / 2000));
    for (let e = 0; e < curve.n; e += every) {
      const v = curve.at(e);
      if (!Number.isFinite(v) || (log && v <= 0)) continue;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  }
  if ($("quantity").value === "accuracy" && !log) return [Math.min(0.5, low), 1];
  if (!Number.isFinite(low)) return [0, 1];
  if (!log) low = Math.min(0, low);
  const first = 3 * Math.max(...curves.map(({ curve }) => curve.at(0)).filter(Number.isFinite), 0);
  if (!log && first > 0 && high > 30 * first) return [low, first, high]; // what has run away would flatten all the rest
  return high > low ? [low, high] : [low - 1, high + 1];
}

// Where a curve leaves the picture, how far it goes.
function leaves(d, curves, cut, x, top) {
  for (const { curve } of curves)
    for (let e = 0; e < curve.n; e++) {
      if (curve.at(e) !== cut) continue;
      d.fillStyle = token("bad");
      d.textBaseline = "top";
      d.textAlign = x(e + 1) > 150 ? "right" : "left";
      return d.fillText(`▲ ${num(cut, 2)}`, x(e + 1), top);
    }
}

function draw() {
  if (!store.state) return;
  drawnAt = performance.now();
  const { draw: d, width, height } = context($("curve"));
  const curves = shown(), log = $("log").checked, last = lastEpoch();
  const [low, high, cut] = range(curves, log);
  const left = 46, right = 92, top = 8, bottom = 22;
  const scale = log ? Math.log10 : (v) => v;
  const x = (e) => left + ((e - 1) / Math.max(1, last - 1)) * (width - left - right);
  const y = (v) => top + (1 - (scale(v) - scale(low)) / (scale(high) - scale(low))) * (height - top - bottom);
  d.clearRect(0, 0, width, height);
  d.font = `12px ${token("font")}`;
  axes(d, { left, right, top, bottom, width, height, low, high, last, log, x, y });
  place = { left, right, width, last };
  d.save();
  d.beginPath(), d.rect(left - 2, top - 4, width - left - right + 4, height), d.clip();
  const ends = curves.map((each) => stroke(d, each, x, y, log, width));
  d.restore();
  if (cut) leaves(d, curves, cut, x, top);
  label(d, ends.filter(Boolean).map((end) => ({ ...end, at: [end.at[0], Math.max(top + 6, end.at[1])] })), width - right + 6, height - bottom);
  here(d, x, top, height - bottom, last);
  tell(curves, d, x, y, top, height - bottom);
}
let place = null;

function axes(d, { left, right, top, bottom, width, height, low, high, last, log, x, y }) {
  d.strokeStyle = token("line");
  d.fillStyle = token("muted");
  d.lineWidth = 1;
  d.textAlign = "right";
  d.textBaseline = "middle";
  for (const v of log ? powers(low, high) : ticks(low, high)) {
    d.beginPath();
    d.moveTo(left, y(v));
    d.lineTo(width - right, y(v));
    d.stroke();
    d.fillText(Math.abs(v) >= 1e5 ? v.toExponential(0) : num(v, 3), left - 6, y(v));
  }
  d.textAlign = "center";
  d.textBaseline = "top";
  for (const e of ticks(1, last)) if (Number.isInteger(e)) d.fillText(e || 1, x(Math.max(1, e)), height - bottom + 5);
}

function ticks(low, high) {
  const raw = (high - low) / 4 || 1;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = size * [1, 2, 2.5, 5, 10].find((k) => k * size >= raw);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) found.push(Number(v.toPrecision(10)));
  return found;
}

function powers(low, high) {
  const found = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) if (10 ** k >= low && 10 ** k <= high) found.push(10 ** k);
  return found.length > 1 ? found : [low, high];
}

function stroke(d, each, x, y, log, width) {
  const { curve, k, held } = each;
  d.strokeStyle = token(k ? "neg" : "pos");
  d.lineWidth = held ? 1.5 : 2;
  d.setLineDash(held ? [6, 4] : []);
  d.globalAlpha = held ? 0.85 : 1;
  d.beginPath();
  const every = Math.max(1, Math.floor(curve.n / (2 * width)));
  let end = null, pen = false;
  for (let e = 0; e < curve.n; e += every) {
    const v = curve.at(e);
    if (!Number.isFinite(v) || (log && v <= 0)) {
      pen = false;
      continue;
    }
    const at = [x(e + 1), y(v)];
    pen ? d.lineTo(...at) : d.moveTo(...at);
    pen = true;
    end = { at, v, each };
  }
  d.stroke();
  d.setLineDash([]);
  d.globalAlpha = 1;
  if (curve.n === 1 && end) d.fillRect(end.at[0] - 2, end.at[1] - 2, 4, 4);
  return end;
}

// Names stand where the lines end, moved apart where they would lie on one another.
function label(d, ends, at, bottom) {
  d.textAlign = "left";
  d.textBaseline = "middle";
  ends.sort((a, b) => a.at[1] - b.at[1]);
  let y = -Infinity;
  const placed = ends.map((end) => ({ ...end, y: (y = Math.max(y + 15, end.at[1])) }));
  const over = Math.max(0, (placed.at(-1)?.y ?? 0) - bottom);
  for (const { each, y: row } of placed) {
    d.fillStyle = token(each.k ? "neg" : "pos");
    const two = store.state.other ? `${each.run} ` : "";
    d.fillText(two + t(each.held ? "held" : "training"), at, row - over);
  }
}

function here(d, x, top, bottom, last) {
  const epoch = store.frames.get(store.state.current)?.head.epoch ?? 0;
  if (!epoch || epoch >= last) return;
  d.strokeStyle = token("accent");
  d.lineWidth = 1.5;
  d.beginPath();
  d.moveTo(x(epoch), top);
  d.lineTo(x(epoch), bottom);
  d.stroke();
}

function read(offset) {
  if (offset === null || !place) pointer = null;
  else {
    const share = (offset - place.left) / Math.max(1, place.width - place.left - place.right);
    pointer = Math.max(1, Math.min(place.last, Math.round(1 + share * (place.last - 1))));
  }
  draw();
}

function tell(curves, d, x, y, top, bottom) {
  const last = curves.map(({ curve, run, held, name }) => `${store.state.other ? `${run} ` : ""}${t(held ? "held" : "training")} ${name.endsWith("accuracy") ? percent(curve.at(curve.n - 1)) : num(curve.at(curve.n - 1))}`);
  $("curve").setAttribute("aria-label", [t("curves"), ...last].join(", "));
  const epoch = pointer ?? null;
  if (epoch === null) {
    $("curve-read").textContent = "";
    return;
  }
  d.strokeStyle = token("muted");
  d.setLineDash([3, 3]);
  d.beginPath();
  d.moveTo(x(epoch), top);
  d.lineTo(x(epoch), bottom);
  d.stroke();
  d.setLineDash([]);
  const parts = curves.filter(({ curve }) => epoch <= curve.n).map(({ curve, run, held, name }) => {
    const v = curve.at(epoch - 1);
    const two = store.state.other ? `${run} ` : "";
    return `${two}${t(held ? "held" : "training")} ${name.endsWith("accuracy") ? percent(v) : num(v, 6)}`;
  });
  $("curve-read").textContent = `${t("epoch")} ${epoch}: ${parts.join(" · ")}`;
}

// All runs, with what each came to.
let filledAt = 0;
function runs() {
  const box = $("run-table"), known = store.state?.runs ?? [];
  box.hidden = known.length < 2;
  if (box.hidden || !box.open) return;
  filledAt = performance.now();
  const classes = store.state.data.task === "classification";
  const value = (run, name, form) => {
    const curve = column(run, name);
    return curve.n ? form(curve.at(curve.n - 1)) : "–";
  };
  const rows = known.map(({ name, parent, differs }) => [
    name, parent ? t("runs.from", { run: parent[0], update: parent[1] }) : "", differs.map(([setting, , here]) => `${settingName(setting)} = ${settingValue(here)}`).join(", "),
    String(column(name, "loss").n), value(name, "loss", num), value(name, "validation_loss", num), ...(classes ? [value(name, "accuracy", percent), value(name, "validation_accuracy", percent)] : []),
  ]);
  const head = ["runs.run", "runs.begun", "runs.differs", "epoch", "loss", "runs.held.loss", ...(classes ? ["accuracy", "runs.held.accuracy"] : [])];
  box.querySelector(".scroll").replaceChildren(table(head.map((word) => t(word)), rows));
}
$("run-table").addEventListener("toggle", runs);
on("state", runs);
on("language", runs);
on("frame", (head) => (!head.playing || performance.now() - filledAt > 500) && runs());

$("curve-table").addEventListener("toggle", () => {
  if (!$("curve-table").open) return;
  const curves = shown(), last = lastEpoch(), every = Math.max(1, Math.ceil(last / 100 / 10) * 10);
  const rows = [];
  for (let e = 1; e <= last; e += e === 1 && every > 1 ? every - 1 : every)
    rows.push([e, ...curves.map(({ curve }) => (e <= curve.n ? num(curve.at(e - 1), 6) : ""))]);
  const head = [t("epoch"), ...curves.map(({ run, held }) => `${store.state.other ? `${run} ` : ""}${t(held ? "held" : "training")}`)];
  $("curve-table").querySelector(".scroll").replaceChildren(table(head, rows));
});
