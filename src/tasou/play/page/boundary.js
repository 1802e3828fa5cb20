// The plane: coloured by the prediction, with the border between classes and the points; or the space of a layer.
import { store, on, current } from "./store.js";
import { $, el, context, table } from "./dom.js";
import { t, say, num, percent, translate } from "./words.js";
import { classColours, token, rgb, shape, regions, levels, border, hatch, SHAPES } from "./colours.js";
import { extent, hatched, legend, value } from "./legend.js";
import { tell } from "./wire.js";
import { pick, canDraw, addPoint } from "./data.js";

const planes = new Map(); // run → {box, paint, marks}
let cross = null; // where the reader looks, in the plane's own units

on("state", ({ anew }) => {
  if (anew) cross = null;
  layOut();
  draw(true);
});
on("frame", () => draw(false));
on("theme", () => {
  if (store.state) legend();
  draw(true);
});
on("language", () => {
  $("spoken").textContent = "";
  if (store.state) spaces(), legend();
  draw(true);
});
new ResizeObserver(() => draw(true)).observe($("planes"));
$("hatch").addEventListener("change", () => {
  localStorage.setItem("hatch", hatched() ? "yes" : "no");
  legend();
  draw(true);
});

function layOut() {
  const { current: name, other } = store.state;
  const names = [name, ...(other ? [other] : [])];
  for (const [known, { box }] of planes) if (!names.includes(known)) box.remove(), planes.delete(known);
  for (const run of names) {
    if (!planes.has(run)) planes.set(run, makePlane(run));
    $("planes").append(planes.get(run).box);
    planes.get(run).box.querySelector(".name").hidden = names.length === 1;
  }
  $("planes").classList.toggle("two", names.length > 1);
  const { data } = store.state;
  $("h-boundary").dataset.w = data.curve ? "boundary.curve" : data.task === "regression" ? "boundary.values" : "boundary";
  translate($("boundary"));
  $("hatch").closest("label").hidden = data.task !== "classification";
  spaces();
  legend();
}

function makePlane(run) {
  const paint = el("canvas", { class: "paint", "aria-hidden": "true" });
  const marks = el("canvas", { class: "marks", tabindex: "0", role: "img", "data-run": run });
  const box = el("div", { class: "plane" }, paint, marks, el("span", { class: "name", text: run }), el("span", { class: "axis x" }), el("span", { class: "axis y" }));
  marks.addEventListener("pointermove", (event) => lookAt(run, where(marks, event)));
  marks.addEventListener("pointerleave", () => lookAt(run, null));
  marks.addEventListener("click", (event) => choose(run, where(marks, event)));
  marks.addEventListener("keydown", (event) => walk(run, event));
  return { box, paint, marks, small: document.createElement("canvas") };
}

// The spaces there are: the plane of the input, and that of each hidden layer.
function spaces() {
  if (!store.state) return;
  const { network } = store.state;
  const select = $("space");
  select.replaceChildren(el("option", { value: "0", w: "space.input" }));
  network.sizes.slice(1, -1).forEach((n, k) => select.append(el("option", { value: String(k + 1), text: t("space.layer", { l: k + 1, n }) })));
  select.value = String(store.state.layer);
}
$("space").addEventListener("change", () => {
  store.state.layer = Number($("space").value);
  tell("look", { layer: store.state.layer, units: null });
});

// --- where things are --------------------------------------------------------------------------------------------
function frameOf(run) {
  return store.frames.get(run);
}

// The picture's corners, in the units of what is shown.
function bounds(run) {
  const { data } = store.state;
  const { arrays } = frameOf(run) ?? { arrays: {} };
  if (!arrays.space) return { low: data.low, high: data.high };
  const all = [arrays.space, ...(arrays.lattice ? [arrays.lattice] : [])];
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (const points of all)
    for (let i = 0; i < points.length; i++)
      if (Number.isFinite(points[i])) low[i % 2] = Math.min(low[i % 2], points[i]), (high[i % 2] = Math.max(high[i % 2], points[i]));
  for (const k of [0, 1]) {
    const pad = 0.06 * (high[k] - low[k]) || 1;
    low[k] -= pad;
    high[k] += pad;
  }
  return { low, high };
}

function where(canvas, event) {
  const { low, high } = store.state.data;
  const box = canvas.getBoundingClientRect();
  const share = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
  return share.map((s, k) => low[k] + s * (high[k] - low[k]));
}

// --- drawing -----------------------------------------------------------------------------------------------------
function draw(whole) {
  if (!store.state) return;
  for (const [run, plane] of planes) {
    const frame = frameOf(run);
    if (!frame) continue;
    const { arrays, head } = frame;
    const ground = context(plane.paint);
    ground.draw.clearRect(0, 0, ground.width, ground.height);
    if (arrays.space) bend(ground, run, arrays);
    else if (arrays.curve) line(ground, arrays.curve);
    else paint(ground, plane, arrays);
    points(plane, run, arrays);
    names(plane, head);
  }
  speak();
}

function names(plane, head) {
  const { data } = store.state;
  const [x, y] = head.layer ? [t("axis.first"), t("axis.second")] : data.names;
  plane.box.querySelector(".axis.x").textContent = x;
  plane.box.querySelector(".axis.y").textContent = y;
}

function paint({ draw: d, width, height }, plane, arrays) {
  const n = (arrays.class ?? arrays.level).shape[0];
  const image = new ImageData(n, n);
  const ground = rgb(token("panel"));
  if (arrays.level) levels(image, arrays.level, ground, rgb(token("neg")), rgb(token("pos")));
  else regions(image, arrays.class, arrays.top, store.state.data.classes.length, ground);
  plane.small.width = plane.small.height = n;
  plane.small.getContext("2d").putImageData(image, 0, 0);
  d.imageSmoothingEnabled = true;
  d.drawImage(plane.small, 0, 0, width, height);
  if (!arrays.class) return;
  if (hatched()) hatch(d, arrays.class, n, width, height, token("ink"));
  border(d, width / (n - 1), height / (n - 1), arrays.class, arrays.margin, n, token("ink"));
}

// One input: the prediction as a curve above its axis.
function line({ draw: d, width, height }, values) {
  const { low, high } = store.state.data;
  const [n, K] = values.shape;
  for (let k = 0; k < K; k++) {
    d.beginPath();
    for (let i = 0; i < n; i++) d.lineTo((i / (n - 1)) * width, height * (1 - (values[i * K + k] - low[1]) / (high[1] - low[1])));
    d.strokeStyle = token("accent");
    d.lineWidth = 2.5;
    d.stroke();
  }
}

// A layer's space: the grid of the input as this layer bends it.
function bend({ draw: d, width, height }, run, arrays) {
  const { low, high } = bounds(run);
  const at = (i) => [((arrays.lattice[2 * i] - low[0]) / (high[0] - low[0])) * width, height * (1 - (arrays.lattice[2 * i + 1] - low[1]) / (high[1] - low[1]))];
  const m = arrays.lattice.shape[0];
  const n = store.state.data.curve ? m : Math.round(Math.sqrt(m));
  d.strokeStyle = token("line");
  d.lineWidth = 1;
  for (let k = 0; k < (n === m ? 1 : n); k++)
    for (const place of n === m ? [(i) => i] : [(i) => k * n + i, (i) => i * n + k]) {
      d.beginPath();
      for (let i = 0; i < n; i++) d.lineTo(...at(place(i)));
      d.stroke();
    }
}

// Points stay where they are while a run plays: they are drawn anew only where something of them has changed.
function unchanged(plane, arrays) {
  const now = [store.state.data, cross, store.chosen, token("outline"), plane.marks.clientWidth, window.devicePixelRatio];
  const before = plane.drawn ?? {};
  const same = !arrays.space && !before.spaced && before.now && now.every((v, k) => v === before.now[k]);
  const right = arrays.right ?? before.right; // a large network's comes with some of the pictures only
  plane.drawn = { now, right, spaced: Boolean(arrays.space) };
  return same && (right === before.right || (right?.length === before.right?.length && right.every((v, i) => v === before.right[i])));
}

function points(plane, run, arrays) {
  if (unchanged(plane, arrays)) return;
  const { draw: d, width, height } = context(plane.marks);
  const { data } = store.state;
  const { low, high } = bounds(run);
  const colours = classColours(data.classes.length);
  const place = arrays.space ? (i) => [arrays.space[2 * i], arrays.space[2 * i + 1]] : (i) => data.xy[i];
  const r = data.xy.length > 800 ? 2.2 : data.xy.length > 20 ? Math.max(3, Math.min(4.5, width / 110)) : 7;
  const [spreadLow, spreadHigh] = data.task === "regression" && !data.curve ? extent(data.y) : [0, 1];
  const px = (v, k) => (k ? height * (1 - (v - low[1]) / (high[1] - low[1])) : ((v - low[0]) / (high[0] - low[0])) * width);
  d.clearRect(0, 0, width, height);
  d.lineWidth = 1;
  for (let i = 0; i < data.xy.length; i++) {
    const [x, y] = place(i);
    const [cx, cy] = [px(x, 0), px(y, 1)];
    const k = data.task === "classification" ? data.y[i] : 0;
    d.fillStyle = data.task === "classification" ? colours[k % colours.length] : data.curve ? token("muted") : value((data.y[i] - spreadLow) / (spreadHigh - spreadLow || 1));
    d.strokeStyle = token("outline");
    d.globalAlpha = data.heldAt[i] ? 0.4 : 1;
    shape(d, k, cx, cy, r);
    d.fill();
    d.stroke();
    if (arrays.right && !arrays.right[i] && data.xy.length <= 1000 && !data.heldAt[i]) {
      d.beginPath();
      d.arc(cx, cy, r + 3.5, 0, 2 * Math.PI);
      d.strokeStyle = token("bad");
      d.lineWidth = 1.6;
      d.stroke();
      d.lineWidth = 1;
    }
  }
  d.globalAlpha = 1;
  const chosen = store.chosen;
  if (chosen !== undefined && chosen !== null && chosen < data.xy.length) ring(d, ...place(chosen).map(px), r + 5);
  if (cross && !arrays.space) crossHair(d, px(cross[0], 0), px(cross[1], 1), width, height);
}

function ring(d, x, y, r) {
  d.beginPath();
  d.arc(x, y, r, 0, 2 * Math.PI);
  d.strokeStyle = token("accent");
  d.lineWidth = 3;
  d.stroke();
}

function crossHair(d, x, y, width, height) {
  d.strokeStyle = token("muted");
  d.lineWidth = 1;
  d.setLineDash([4, 4]);
  d.beginPath();
  d.moveTo(x, 0), d.lineTo(x, height), d.moveTo(0, y), d.lineTo(width, y);
  d.stroke();
  d.setLineDash([]);
}

// --- reading and choosing ------------------------------------------------------------------------------------------
function lookAt(run, at) {
  cross = at;
  const frame = frameOf(run);
  if (frame) points(planes.get(run), run, frame.arrays);
  $("read").textContent = at && frame && !frame.arrays.space ? reading(frame.arrays, at) : "";
}

function reading(arrays, at) {
  const { data } = store.state;
  const place = data.names.map((name, k) => `${name} = ${num(at[k], 3)}`).join(", ");
  if (!arrays.class) return place;
  const n = arrays.class.shape[0];
  const share = at.map((v, k) => (v - data.low[k]) / (data.high[k] - data.low[k]));
  const clamp = (s) => Math.max(0, Math.min(n - 1, Math.round(s * (n - 1))));
  const i = clamp(1 - share[1]) * n + clamp(share[0]);
  const k = arrays.class[i];
  return `${place} → ${SHAPES[k]} ${data.classes[k]} (${percent(arrays.top[i] / 255)})`;
}

// A click adds a point where points are being drawn; elsewhere it chooses the nearest for the calculation.
function choose(run, at) {
  if (canDraw() && !frameOf(run)?.arrays.space) return addPoint(at);
  nearest(at);
}

function nearest(at) {
  const { data } = store.state;
  const size = data.high.map((h, k) => h - data.low[k]);
  let best = null, distance = Infinity;
  data.xy.forEach((p, i) => {
    const d = ((p[0] - at[0]) / size[0]) ** 2 + ((p[1] - at[1]) / size[1]) ** 2;
    if (d < distance) [best, distance] = [i, d];
  });
  if (best !== null) pick(best);
  draw(true);
}

function walk(run, event) {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  const { low, high } = store.state.data;
  if (step) {
    const at = cross ?? low.map((l, k) => (l + high[k]) / 2);
    lookAt(run, at.map((v, k) => Math.max(low[k], Math.min(high[k], v + (step[k] * (high[k] - low[k])) / 40))));
    $("read").setAttribute("aria-live", "polite");
    event.preventDefault();
  } else if (event.key === "Enter" && cross) choose(run, cross);
}

// --- for those who do not see it -------------------------------------------------------------------------------------
let spokeAt = 0;
let pending = null;
function speak() {
  const frame = current();
  if (!frame || !store.state) return;
  const { head } = frame;
  const { data } = store.state;
  const sentence = t(data.task === "classification" ? "spoken.classes" : "spoken.values", {
    n: data.classes.length, score: data.task === "classification" ? percent(head.score) : num(head.score, 3), loss: num(head.loss), epoch: head.epoch,
  });
  for (const { marks } of planes.values()) marks.setAttribute("aria-label", `${say(data.title)}. ${sentence}`);
  clearTimeout(pending);
  pending = setTimeout(() => {
    spokeAt = Date.now();
    if (!head.playing) $("spoken").textContent = sentence;
    if ($("boundary-table").open) fill();
  }, Math.max(200, 2000 - (Date.now() - spokeAt)));
}
$("boundary-table").addEventListener("toggle", fill);

function fill() {
  const { data } = store.state;
  const { right, found } = current()?.arrays ?? {};
  const head = ["#", ...data.names, t(data.task === "classification" ? "class" : "value"), ...(right ? [t("prediction")] : [])];
  const rows = data.xy.slice(0, 300).map((p, i) => [
    i + 1, num(p[0], 4), num(p[1], 4), data.task === "classification" ? data.classes[data.y[i]] : num(data.y[i]), ...(right ? [`${data.classes[found?.[i]] ?? ""} (${t(right[i] ? "right" : "wrong")})`] : []),
  ]);
  $("boundary-table").querySelector(".scroll").replaceChildren(...(found ? [confusion(data, found)] : []), table(head, rows));
}

// How many of the points of each class, a row each, were taken for which.
function confusion({ classes, y }, found) {
  const counts = classes.map(() => classes.map(() => 0));
  y.forEach((k, i) => counts[k][found[i]]++);
  return table([t("confusion"), ...classes.map((name) => `→ ${name}`)], classes.map((name, k) => [name, ...counts[k].map(String)]));
}
